"""Words that wait for phones, for the tests of receivers."""

from __future__ import annotations

from collections.abc import Callable

from larmcentral.domain.device import Downlink, Said


class FakeWords:
    """ports.CarriesWords. waiting: by protocol and account; said: how each went; failure: raised while it is set."""

    def __init__(self) -> None:
        self.waiting: dict[tuple[str, str], list[Downlink]] = {}
        self.said: list[Said] = []
        self.failure: Exception | None = None

    def waits_for(self, protocol: str, account: str) -> bool:
        return (protocol, account) in self.waiting

    async def carry(self, protocol: str, account: str, say: Callable[[Downlink], Said]) -> None:
        if self.failure is not None:
            raise self.failure
        self.said += [say(one) for one in self.waiting.pop((protocol, account), [])]
