"""The words of notices in Swedish."""

from __future__ import annotations

from typing import Final

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.language import Language, News

SWEDISH: Final = Language(
    kinds={
        AlarmKind.PANIC: "Överfallslarm",
        AlarmKind.DURESS: "Hotlarm",
        AlarmKind.HOLD_UP: "Rånlarm",
        AlarmKind.MEDICAL: "Sjukdomslarm",
        AlarmKind.MAN_DOWN: "Person ligger ner",
        AlarmKind.FALL: "Fallarm",
        AlarmKind.NO_MOTION: "Ingen rörelse",
        AlarmKind.UNSPECIFIED_ALARM: "Larm",
        AlarmKind.GROUP_ALARM: "Bråklarm",
        AlarmKind.MISSED_CHECK_IN: "Utebliven incheckning",
        AlarmKind.OVERDUE: "Besök över tiden",
        AlarmKind.LOST_CONTACT: "Förlorad kontakt",
        AlarmKind.SILENT_DEVICE: "Larmenhet hörs inte",
        AlarmKind.LOW_BATTERY: "Lågt batteri",
        AlarmKind.POWER_OFF: "Larmenhet avstängd",
        AlarmKind.REMOVED: "Larmenhet avtagen",
        AlarmKind.TAMPER: "Sabotage mot larmenhet",
        AlarmKind.DEVICE_FAULT: "Fel på larmenhet",
    },
    marks={Purpose.REAL: "", Purpose.TEST: "PROV", Purpose.DRILL: "ÖVNING"},
    silent="TYST LARM",
    silent_advice="Ring inte upp den som larmar. Närma dig dolt.",
    at="kl.",
    late="{age} gammalt när det kom",
    answer="Svara JA eller NEJ.",
    gone_title="Larm når inte din app",
    gone_advice="En av dina telefoner tar inte längre emot larm i appen. Öppna appen och logga in igen.",
    news={
        About.GOING: News("Någon är på väg", "En kollega är på väg till {subject}. Du behövs kanske ändå."),
        About.RELEASED: News("Du behöver inte komma", "Tillräckligt många är på väg till {subject}."),
        About.OVER: News("Larmet är avslutat", "{subject}, larm kl. {time}."),
        About.TAKEN: News("Ditt larm är mottaget", "En människa har tagit emot ditt larm."),
        About.OWNER_IDLE: News(
            "Larm utan åtgärd",
            "Larmet om {subject} kl. {time} togs av en operatör som inte har gjort något sedan dess.",
        ),
        About.CHECK_IN_DUE: News("Checka in", "Din incheckning är kl. {time}."),
        About.END_DUE: News("Avsluta eller förläng", "Ditt pass är satt att sluta kl. {time}."),
        About.WELFARE: News("Är allt väl?", "Svara i appen senast kl. {time}."),
        About.COMPANION: News("Din kollega har inte hört av sig", "{subject}. Larm har gått."),
        About.PRE_ALARM: News("Larm på väg ut", "Larmet går kl. {second} om du inte avbryter det."),
        About.RETURN_DUE: News("Lämna tillbaka larmenheten", "Den skulle vara tillbaka kl. {time}."),
        About.NOT_RETURNED: News("Larmenhet inte återlämnad", "{subject}: den skulle vara tillbaka {day} kl. {time}."),
        About.HANDOVER_OPEN: News(
            "Skiftbyte inte signerat", "Listan skulle vara signerad av båda kl. {time}. Öppna ärenden: {cases}."
        ),
    },
)
