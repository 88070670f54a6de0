"""SCAIP, the Swedish protocol of social alarms (SS 91100): short XML messages over SIP. See README.md."""
