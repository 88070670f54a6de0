"""MQTT: what phones and LoRaWAN networks publish to a broker, and the wire to that broker. See README.md."""
