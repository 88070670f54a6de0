"""The SIA event codes (DC-03), each with our kind and its source. Alphabetical within its group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from protocols.dc09.meaning import INFORMATION, Meaning, Source, table
from protocols.signal import SignalKind

_S: Final = Source.SAFETY_TABLE
_L: Final = Source.DC03_LIST
_F: Final = Source.FIELD
_K = SignalKind


def _family(letter: str, alarm: SignalKind, name: str, silent: bool | None = None) -> Iterator[tuple[str, Meaning]]:
    """The eight codes that DC-03 gives every kind of point: A alarm, H and R restored, T trouble, J trouble over,
    B bypassed, U bypass over, S supervisory. Alarm and restore rows are in the safety table for P, H, M and Q."""
    source = _S if letter in "PHMQ" else _L
    yield letter + "A", Meaning(alarm, name, source, silent)
    yield letter + "H", Meaning(_K.RESTORE, f"{name}, larmet återställt", source, silent)
    yield letter + "R", Meaning(_K.RESTORE, f"{name}, återställt", source, silent)
    yield letter + "T", Meaning(_K.DEVICE_FAULT, f"{name}, fel på punkten", _L)
    yield letter + "J", Meaning(_K.RESTORE, f"{name}, felet avhjälpt", _L)
    yield letter + "B", Meaning(_K.DEVICE_FAULT, f"{name}, punkten förbikopplad", _L)
    yield letter + "U", Meaning(_K.RESTORE, f"{name}, förbikoppling hävd", _L)
    yield letter + "S", Meaning(_K.DEVICE_FAULT, f"{name}, övervakning", _L)


def _rows(kind: SignalKind, source: Source, /, **codes: str) -> Iterator[tuple[str, Meaning]]:
    for code, words in codes.items():
        yield code, Meaning(kind, words, source)


SIA: Final[Mapping[str, Meaning]] = table(
    # people
    _family("P", _K.PANIC, "Överfallslarm"),
    _family("H", _K.HOLD_UP, "Rånlarm, tyst", silent=True),
    _family("M", _K.MEDICAL, "Medicinskt larm"),
    _family("Q", _K.PANIC, "Nödlarm"),
    _rows(_K.NO_MOTION, _S, NA="Ingen aktivitet"),
    _rows(_K.RESTORE, _S, NS="Aktivitet återupptagen"),
    _rows(_K.UNSPECIFIED_ALARM, _L, JK="Utebliven ankomst"),
    # other alarms: somebody must look, though it is no cry for help; the text says what it is
    _family("B", _K.UNSPECIFIED_ALARM, "Inbrottslarm"),
    _family("F", _K.UNSPECIFIED_ALARM, "Brandlarm"),
    _family("G", _K.UNSPECIFIED_ALARM, "Gaslarm"),
    _family("K", _K.UNSPECIFIED_ALARM, "Värmelarm"),
    _family("S", _K.UNSPECIFIED_ALARM, "Sprinklerlarm"),
    _family("U", _K.UNSPECIFIED_ALARM, "Larm, ospecificerad punkt"),
    _rows(
        _K.UNSPECIFIED_ALARM,
        _L,
        BG="Inbrottslarm, ej verifierat",
        BM="Inbrottslarm, korsad punkt",
        BV="Inbrottslarm, verifierat",
        CM="Larm från saknad punkt efter tillkoppling",
        DF="Dörr uppbruten",
        DL="Dörr står öppen, larm",
        EA="Utpasseringslarm",
        EZ="Larm från saknad punkt, utpassering",
        FG="Brandlarm, ej verifierat",
        FM="Brandlarm, korsad punkt",
        UG="Larm, ej verifierat",
        UX="Larm utan angiven typ",
        XM="Larm från saknad punkt, korsad",
    ),
    # technical alarms: for the caretaker, not for the chain
    _family("W", _K.DEVICE_FAULT, "Vattenlarm"),
    _family("Z", _K.DEVICE_FAULT, "Fryslarm"),
    # taken back
    _rows(_K.CANCEL, _S, AB="Larm avbrutet", BC="Inbrottslarm återkallat", OC="Larm återkallat"),
    _rows(_K.CANCEL, _L, FC="Brandlarm återkallat"),
    # tests
    _rows(_K.TEST_ALARM, _S, RP="Automatiskt prov", RX="Manuellt prov", TX="Prov"),
    _rows(_K.TEST_ALARM, _S, TS="Provläge börjar", TE="Provläge slutar"),
    _rows(
        _K.TEST_ALARM,
        _L,
        BX="Prov av inbrottslarm",
        FI="Brandprov börjar",
        FK="Brandprov slutar",
        FX="Prov av brandlarm",
        GX="Prov av gaslarm",
        RY="Prov, fel kvarstår",
        TC="Alla punkter provade",
        TP="Punkt provad",
    ),
    # power
    _rows(_K.LOW_BATTERY, _S, XT="Lågt batteri i sändare", YT="Lågt batteri i systemet"),
    _rows(_K.LOW_BATTERY, _L, YM="Systembatteri saknas"),
    _rows(_K.RESTORE, _S, XR="Sändarens batteri återställt", YR="Systembatteri återställt", AR="Nät åter"),
    _rows(_K.EXTERNAL_POWER_LOST, _S, AT="Nätspänning borta"),
    _rows(_K.POWER_ON, _L, RR="Centralen startad"),
    # tamper
    _rows(_K.TAMPER, _S, TA="Sabotage"),
    _rows(_K.TAMPER, _L, ES="Sabotage, expansionsenhet", JA="Fel kod upprepad", TT="Sabotagefel"),
    _rows(_K.TAMPER, _L, XS="Sabotage, radiomottagare", TB="Sabotageskydd förbikopplat"),
    _rows(_K.RESTORE, _S, TR="Sabotage återställt"),
    _rows(
        _K.RESTORE,
        _L,
        EJ="Sabotage återställt, expansionsenhet",
        TH="Sabotagelarm återställt",
        TJ="Sabotagefel avhjälpt",
        TU="Sabotageskydd åter inkopplat",
        XJ="Sabotage återställt, radiomottagare",
    ),
    # faults of paths and equipment
    _rows(_K.DEVICE_FAULT, _S, BZ="Punkt saknas", UY="Punkt saknas, fel", UZ="Punkt saknas, larm"),
    _rows(_K.DEVICE_FAULT, _S, YC="Kommunikation bruten", YS="Kommunikationsfel"),
    _rows(
        _K.DEVICE_FAULT,
        _L,
        AS="Analog punkt, service",
        BD="Återkommande fel på punkt",
        DJ="Fel efter uppbruten dörr",
        DK="Passage spärrad",
        DM="Dörr står öppen, fel",
        DT="Fel i passagesystem",
        EE="Fel vid utpassering",
        EM="Expansionsenhet saknas",
        ET="Fel på expansionsenhet",
        FY="Brandpunkt saknas, fel",
        FZ="Brandpunkt saknas",
        IA="Utrustningsfel",
        LT="Fel på telefonlinje",
        NC="Nätverkets tillstånd",
        NT="Nätverksfel",
        OU="Fel på utgång",
        RT="Uppgifter förlorade",
        XL="Svag radiosignal",
        XQ="Radiostörning",
        XX="Prov uteblivet",
        YA="Fel på siren",
        YD="Fel på mottagarens linjekort",
        YF="Fel i kontrollsumma",
        YI="Överström",
        YN="Ogiltig rapport",
        YO="Okänt meddelande",
        YP="Fel på strömförsörjning",
        YU="Diagnosfel",
        YW="Omstart av vakthund",
        YX="Service behövs",
    ),
    _rows(_K.RESTORE, _S, YK="Kommunikation åter"),
    _rows(
        _K.RESTORE,
        _L,
        AN="Analog punkt återställd",
        BE="Återkommande fel avhjälpt",
        DH="Dörr stängd igen",
        DR="Dörr återställd",
        EN="Expansionsenhet åter",
        ER="Expansionsenhet återställd",
        FQ="Brandövervakning, felet avhjälpt",
        FV="Brandövervakning återställd",
        IR="Utrustningsfel avhjälpt",
        LR="Telefonlinje åter",
        NR="Nätverk åter",
        OV="Utgång återställd",
        XH="Radiostörning över",
        YE="Mottagarens linjekort åter",
        YH="Siren återställd",
        YJ="Överström över",
        YQ="Strömförsörjning åter",
    ),
    # nobody is called: openings and closings, access, programming, log
    _rows(INFORMATION, _L, OP="Frånkoppling", OA="Frånkoppling, automatisk", OG="Område frånkopplat"),
    _rows(INFORMATION, _L, OH="Tidig frånkoppling efter larm", OI="Utebliven frånkoppling", OJ="Sen frånkoppling"),
    _rows(INFORMATION, _L, OK="Tidig frånkoppling", OL="Sen frånkoppling efter larm", OQ="Fjärrfrånkoppling"),
    _rows(INFORMATION, _L, OR="Frånkoppling efter larm", OS="Frånkoppling med nyckel", OT="Sen att tillkoppla"),
    _rows(INFORMATION, _L, OZ="Punkt frånkopplad", CL="Tillkoppling", CA="Tillkoppling, automatisk"),
    _rows(INFORMATION, _L, CE="Tillkoppling uppskjuten", CF="Tvingad tillkoppling", CG="Område tillkopplat"),
    _rows(INFORMATION, _L, CI="Utebliven tillkoppling", CJ="Sen tillkoppling", CK="Tidig tillkoppling"),
    _rows(INFORMATION, _L, CP="Tillkoppling, automatisk", CQ="Fjärrtillkoppling", CR="Nyligen tillkopplat"),
    _rows(INFORMATION, _L, CS="Tillkoppling med nyckel", CT="Sen frånkoppling", CW="Tvingat tillkopplat"),
    _rows(INFORMATION, _L, CX="Egen funktion utförd", CZ="Punkt tillkopplad", NF="Skalskydd tvingat till"),
    _rows(INFORMATION, _L, NL="Skalskydd tillkopplat", DA="Kort tilldelat", DB="Kort raderat"),
    _rows(INFORMATION, _L, DC="Passage stängd", DD="Passage nekad", DE="Begärt inträde", DG="Passage medgiven"),
    _rows(INFORMATION, _L, DI="Passage nekad, återpassage", DN="Dörr står öppen", DO="Passage öppen"),
    _rows(INFORMATION, _L, DP="Passage nekad, fel tid", DQ="Passage nekad, tillkopplat", DS="Dörrstation"),
    _rows(INFORMATION, _L, DU="Återförsäljarens nummer", DV="Passage nekad, behörighet", DW="Sluss"),
    _rows(INFORMATION, _L, DX="Begärt utträde", DY="Dörr låst", DZ="Passage stängd"),
    _rows(INFORMATION, _L, EX="Yttre enhets tillstånd", FL="Brandlarm tystat", JD="Datum ändrat"),
    _rows(INFORMATION, _L, JH="Helgdagar ändrade", JL="Loggen snart full", JO="Loggen full", JP="Användare på plats"),
    _rows(INFORMATION, _L, JR="Schema utfört", JS="Schema ändrat", JT="Tid ändrad", JV="Kod ändrad"),
    _rows(INFORMATION, _L, JX="Kod raderad", JY="Kod tillagd", JZ="Behörighet satt", LB="Programmering börjar"),
    _rows(INFORMATION, _L, LD="Programmering nekad", LE="Avlyssning slutar", LF="Avlyssning börjar"),
    _rows(INFORMATION, _L, LS="Programmering lyckad", LU="Programmering misslyckad", LX="Programmering slut"),
    _rows(INFORMATION, _L, MI="Meddelande", RA="Fjärrprogrammering uppringning misslyckad"),
    _rows(INFORMATION, _L, RB="Fjärrprogrammering börjar", RC="Relä slutet", RD="Fjärrprogrammering nekad"),
    _rows(INFORMATION, _L, RN="Fjärråterställning", RO="Relä öppet", RS="Fjärrprogrammering lyckad"),
    _rows(INFORMATION, _L, RU="Fjärrprogrammering misslyckad", TW="Områdesvakt börjar", TZ="Områdesvakt slutar"),
    _rows(INFORMATION, _L, XA="Extra konto", XE="Extra punkt", XF="Extra radiopunkt", XI="Givare återställd"),
    _rows(INFORMATION, _L, XW="Tvingad punkt", YB="Upptagettid", YG="Parameter ändrad", YY="Lägesrapport"),
    _rows(INFORMATION, _L, YZ="Service klar", CD="Tillkoppling dröjer", CO="Kommando sänt"),
    _rows(INFORMATION, _L, NM="Skalskydd tillkopplat, egen", VI="Skrivare har papper", VX="Skrivarprov"),
    _rows(INFORMATION, _L, VO="Skrivare utan papper", VR="Skrivare återställd", VT="Fel på skrivare"),
    _rows(INFORMATION, _L, VY="Skrivare till", VZ="Skrivare från"),
    # beside the standard
    _rows(_K.TAMPER, _F, AA="Centralen utbytt"),
    _rows(_K.DEVICE_FAULT, _F, FW="Brandövervakning, fel", PF="Fel", SM="Fel"),
    _rows(_K.RESTORE, _F, JC="Fel kod, avslutat", PO="Fel avhjälpt", XC="Fel avhjälpt"),
    _rows(INFORMATION, _F, AF="Tillkoppling", CB="Tillkoppling", CC="Tillkoppling", NB="Tillkoppling"),
    _rows(INFORMATION, _F, ND="Tillkoppling", NE="Tillkoppling", NO="Tillkoppling", NP="Tillkoppling"),
    _rows(INFORMATION, _F, OB="Tillkoppling", SC="Ändrat tillstånd", ZY="Händelse", ZZ="Händelse"),
    _rows(INFORMATION, _F, PC="Foto på begäran till", PD="Foto på begäran från", PE="Foto vid larm till"),
    _rows(INFORMATION, _F, PG="Foto vid larm från"),
)
"""Code of two capital letters to its meaning. A code that is not here is an alarm all the same (codes.sia)."""
