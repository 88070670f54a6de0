"""The Contact ID event codes (DC-05), each with our kind and its source, for the qualifier "new event or opening".

What the other qualifiers make of a row is codes.cid's matter. Groups: 1 alarms, 2 supervisory, 3 faults,
4 openings and access, 5 disabled, 6 tests and the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from protocols.dc09.meaning import INFORMATION, Meaning, Source, table
from protocols.signal import SignalKind

_S: Final = Source.SAFETY_TABLE
_L: Final = Source.DC05_LIST
_K = SignalKind


def _rows(kind: SignalKind, source: Source, rows: str, silent: bool | None = None) -> Iterator[tuple[str, Meaning]]:
    """One row a line: the code, then its words."""
    for line in rows.strip().splitlines():
        code, words = line.split(maxsplit=1)
        yield code, Meaning(kind, words, source, silent)


CID: Final[Mapping[str, Meaning]] = table(
    # people
    _rows(_K.MEDICAL, _S, "100 Medicinskt larm"),
    _rows(_K.PANIC, _S, "101 Nödlarm, personlig sändare"),
    _rows(_K.UNSPECIFIED_ALARM, _S, "102 Utebliven incheckning eller ingen aktivitet"),
    _rows(_K.FALL, _S, "103 Fall"),
    _rows(_K.PANIC, _S, "120 Överfallslarm\n129 Överfallslarm bekräftat"),
    _rows(_K.PANIC, _S, "123 Överfallslarm, hörbart", silent=False),
    _rows(_K.DURESS, _S, "121 Tvång\n124 Tvång vid inpassering\n125 Tvång vid utpassering", silent=True),
    _rows(_K.PANIC, _S, "122 Överfallslarm, tyst", silent=True),
    _rows(_K.HOLD_UP, _S, "126 Misstänkt rån", silent=True),
    _rows(_K.NO_MOTION, _S, "641 Ingen aktivitet\n654 Ingen aktivitet i systemet"),
    _rows(_K.UNSPECIFIED_ALARM, _S, "646 Mer hjälp behövs"),
    _rows(_K.UNSPECIFIED_ALARM, _L, "642 Utebliven ankomst"),
    # fire: somebody must look, but it is no panic
    _rows(
        _K.UNSPECIFIED_ALARM,
        _S,
        """
            110 Brandlarm
            111 Brandlarm, rök
            112 Brandlarm, förbränning
            113 Brandlarm, sprinklerflöde
            114 Brandlarm, värme
            115 Brandlarm, larmknapp
            116 Brandlarm, kanal
            117 Brandlarm, flamma
            118 Brandlarm, förvarning
            """,
    ),
    # burglary and what is dangerous to people
    _rows(
        _K.UNSPECIFIED_ALARM,
        _L,
        """
            130 Inbrottslarm
            131 Inbrottslarm, skalskydd
            132 Inbrottslarm, inre
            133 Inbrottslarm, dygnet runt
            134 Inbrottslarm, in- och utpassering
            135 Inbrottslarm, dag och natt
            136 Inbrottslarm, utomhus
            138 Inbrottslarm, förvarning
            139 Inbrottslarm bekräftat
            140 Larm utan angiven typ
            150 Larm dygnet runt, ej inbrott
            151 Gaslarm
            162 Kolmonoxidlarm
            374 Utpasseringslarm
            423 Dörr uppbruten
            """,
    ),
    _rows(_K.UNSPECIFIED_ALARM, _L, "146 Inbrottslarm, tyst", silent=True),
    # tamper
    _rows(
        _K.TAMPER,
        _S,
        "144 Sabotage, givare\n145 Sabotage, expansionsenhet\n383 Sabotage, givare\n341 Sabotage, expansionsenhet",
    ),
    _rows(_K.TAMPER, _L, "137 Sabotage\n316 Sabotage, strömförsörjning\n461 Fel kod"),
    # technical alarms and supervisory: for the caretaker, not for the chain
    _rows(_K.DEVICE_FAULT, _S, "147 Givare saknas\n381 Radiogivare saknas\n350 Kommunikationsfel"),
    _rows(_K.DEVICE_FAULT, _S, "354 Händelse kunde inte sändas\n375 Fel på överfallspunkt\n376 Fel på rånpunkt"),
    _rows(
        _K.DEVICE_FAULT,
        _L,
        """
            141 Slinga öppen
            142 Slinga kortsluten
            143 Fel på expansionsenhet
            152 Kyla bortfallen
            153 Värme bortfallen
            154 Vattenläckage
            155 Folie bruten
            156 Fel dagtid
            157 Låg gasnivå
            158 Hög temperatur
            159 Låg temperatur
            161 Luftflöde bortfallet
            163 Tanknivå
            168 Hög luftfuktighet
            169 Låg luftfuktighet
            200 Brandövervakning
            201 Lågt vattentryck
            202 Låg koldioxid
            203 Slussventil
            204 Låg vattennivå
            205 Pump igång
            206 Pumpfel
            300 Systemfel
            303 Fel i minne
            304 Fel i program
            307 Självprov misslyckat
            310 Jordfel
            312 Överström
            313 Återställd av tekniker
            314 Fel på strömförsörjning
            320 Fel på siren eller relä
            321 Fel på siren 1
            322 Fel på siren 2
            323 Fel på larmrelä
            324 Fel på felrelä
            325 Fel på polvändande relä
            326 Fel på larmdon 3
            327 Fel på larmdon 4
            330 Fel på kringutrustning
            331 Pollslinga öppen
            332 Pollslinga kortsluten
            333 Fel på expansionsenhet
            334 Fel på repeterare
            335 Skrivare utan papper
            336 Fel på skrivare
            337 Expansionsenhet utan likspänning
            339 Expansionsenhet omstartad
            342 Expansionsenhet utan nät
            343 Expansionsenhet, självprov misslyckat
            344 Radiostörning
            345 Kryptering avstängd
            351 Fel på telefonlinje 1
            352 Fel på telefonlinje 2
            353 Fel på radiosändare
            355 Radioövervakning bruten
            356 Pollning från centralen borta
            357 Antennfel
            358 Kommunikationsprov misslyckat
            370 Fel på slinga
            371 Slinga öppen
            372 Slinga kortsluten
            373 Fel på brandslinga
            377 Återkommande fel på punkt
            378 Fel på korsad punkt
            380 Fel på givare
            382 Kabelansluten givare saknas
            385 Rökdetektor för känslig
            386 Rökdetektor för okänslig
            387 Rörelsedetektor för känslig
            388 Rörelsedetektor för okänslig
            389 Givare, självprov misslyckat
            391 Givare, övervakning
            392 Givare, drift
            393 Underhåll behövs
            394 Kolmonoxiddetektor behöver bytas
            427 Passagepunkt, lägesgivare fel
            428 Passagepunkt, utknapp fel
            432 Passagerelä fel
            455 Automatisk tillkoppling misslyckad
            616 Service begärd
            """,
    ),
    # power
    _rows(_K.EXTERNAL_POWER_LOST, _S, "301 Nätspänning borta"),
    _rows(_K.LOW_BATTERY, _S, "302 Lågt batteri i systemet\n384 Lågt batteri i radiogivare"),
    _rows(_K.LOW_BATTERY, _L, "309 Batteriprov misslyckat\n311 Batteri saknas\n338 Lågt batteri, expansionsenhet"),
    _rows(_K.POWER_ON, _L, "305 Centralen omstartad"),
    _rows(_K.POWER_OFF, _L, "308 Centralen avstängd"),
    # taken back, restored
    _rows(_K.CANCEL, _S, "406 Larm återkallat\n647 Hjälp återkallad"),
    _rows(_K.RESTORE, _S, "465 Överfallslarm återställt"),
    # tests
    _rows(_K.TEST_ALARM, _S, "601 Manuellt prov\n602 Automatiskt prov\n603 Automatiskt prov, radio"),
    _rows(_K.TEST_ALARM, _S, "607 Provläge\n608 Automatiskt prov, fel kvarstår"),
    _rows(
        _K.TEST_ALARM,
        _L,
        """
            604 Prov av brandlarm
            611 Punkt provad
            612 Punkt ej provad
            613 Inbrottspunkt provad
            614 Brandpunkt provad
            615 Överfallspunkt provad
            """,
    ),
    # disabled on purpose: a person's button may be among them, so it is a fault to look at
    _rows(
        _K.DEVICE_FAULT,
        _L,
        """
            501 Kortläsare avstängd
            520 Siren eller relä avstängt
            521 Siren 1 avstängd
            522 Siren 2 avstängd
            523 Larmrelä avstängt
            524 Felrelä avstängt
            525 Polvändande relä avstängt
            526 Larmdon 3 avstängt
            527 Larmdon 4 avstängt
            532 Modul borttagen
            551 Uppringare avstängd
            552 Radiosändare avstängd
            553 Fjärrstyrning avstängd
            570 Punkt förbikopplad
            571 Brandpunkt förbikopplad
            572 Dygnspunkt förbikopplad
            573 Inbrottspunkt förbikopplad
            574 Grupp förbikopplad
            575 Återkommande punkt förbikopplad
            576 Passagezon förbikopplad
            577 Passagepunkt förbikopplad
            578 Valvpunkt förbikopplad
            579 Ventilpunkt förbikopplad
            """,
    ),
    # nobody is called: openings and closings, access, programming, log
    _rows(INFORMATION, _S, "645 Hjälp på plats"),
    _rows(
        INFORMATION,
        _L,
        """
            306 Centralens program ändrat
            400 Från- eller tillkoppling
            401 Från- eller tillkoppling av användare
            402 Från- eller tillkoppling av grupp
            403 Från- eller tillkoppling, automatisk
            404 Sen från- eller tillkoppling
            405 Uppskjuten från- eller tillkoppling
            407 Fjärrstyrd från- eller tillkoppling
            408 Snabbtillkoppling
            409 Från- eller tillkoppling med nyckel
            411 Återuppringning begärd
            412 Hämtning lyckad
            413 Åtkomst nekad
            414 Avstängning beordrad
            415 Uppringare stängs av
            416 Sändning lyckad
            421 Passage nekad
            422 Passage
            424 Utpassering nekad
            425 Utpassering medgiven
            426 Dörr står öppen
            429 Passagesystem, programmering börjar
            430 Passagesystem, programmering slutar
            431 Hotnivå ändrad
            433 Utknapp förbikopplad
            434 Lägesgivare förbikopplad
            435 Andra persons passage
            436 Oregelbunden passage
            441 Tillkopplat, hemma
            442 Tillkopplat hemma med nyckel
            443 Tillkopplat trots fel
            450 Från- eller tillkoppling utom schema
            451 Tidig från- eller tillkoppling
            452 Sen från- eller tillkoppling
            453 Utebliven frånkoppling
            454 Utebliven tillkoppling
            456 Delvis tillkopplat
            457 Fel vid utpassering
            458 Användare på plats
            459 Nyligen tillkopplat
            462 Rätt kod
            463 Tillkopplat igen efter larm
            464 Automatisk tillkoppling uppskjuten
            466 Service på plats
            531 Modul tillagd
            605 Lägesrapport följer
            606 Avlyssning följer
            609 Bildsändare aktiv
            621 Loggen nollställd
            622 Loggen halvfull
            623 Loggen nästan full
            624 Loggen full
            625 Tid ändrad
            626 Tiden osäker
            627 Programmering börjar
            628 Programmering slutar
            629 Loggmarkör
            630 Schema ändrat
            631 Undantagsschema ändrat
            632 Passageschema ändrat
            """,
    ),
)
"""Three hex digits to the meaning of a new event. A code that is not here is an alarm all the same (codes.cid)."""
