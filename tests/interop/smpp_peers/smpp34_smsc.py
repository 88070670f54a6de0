"""A message centre of smpp34, which is not ours. python smpp34_smsc.py <port>

Prints one JSON line for each thing that happens; a line on stdin is what somebody writes to us.
"""

from __future__ import annotations

import asyncio
import json
import sys

import smpp34


def say(**told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


async def main() -> None:
    server = smpp34.Server("127.0.0.1", int(sys.argv[1]), system_id="rust")
    await server.start()
    say(port=int(sys.argv[1]))
    bound: dict[object, smpp34.Esme] = {}
    work = [asyncio.create_task(write(bound))]
    number = 0
    while True:
        event = await server.next()
        if isinstance(event, smpp34.Esme):
            bound[event.session_id] = event
            say(bind=True)
        elif isinstance(event, smpp34.SubmitSmEvent):
            say(
                source_addr=event.source_addr,
                source_addr_ton=event.source_addr_ton,
                destination_addr=event.destination_addr,
                dest_addr_ton=event.dest_addr_ton,
                data_coding=event.data_coding,
                registered_delivery=event.registered_delivery,
                hex=bytes(event.short_message).hex(),
            )
            if event.destination_addr.endswith("8"):
                event.reject(smpp34.ESME_RTHROTTLED)
                continue
            number += 1
            event.accept(message_id=f"r{number}")
            work.append(asyncio.create_task(report(bound[event.session_id], event, f"r{number}")))


async def report(esme: smpp34.Esme, event: smpp34.SubmitSmEvent, message_id: str) -> None:
    await esme.deliver_sm(
        source_addr=event.destination_addr,
        destination_addr=event.source_addr,
        esm_class=0x04,
        short_message=f"id:{message_id} sub:001 dlvrd:001 stat:DELIVRD err:000 text:".encode(),
    )
    say(taken=0)


async def write(bound: dict[object, smpp34.Esme]) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        esme = list(bound.values())[-1]
        await esme.deliver_sm(
            source_addr="46700000017", destination_addr="46700000001", short_message=line.strip().encode()
        )
        say(taken=0)


asyncio.run(main())
