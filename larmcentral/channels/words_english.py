"""The words of notices in English."""

from __future__ import annotations

from typing import Final

from escalation.alarm import AlarmKind
from escalation.effects import About
from escalation.purpose import Purpose
from larmcentral.channels.language import Language, News

ENGLISH: Final = Language(
    kinds={
        AlarmKind.PANIC: "Panic alarm",
        AlarmKind.DURESS: "Duress alarm",
        AlarmKind.HOLD_UP: "Hold-up alarm",
        AlarmKind.MEDICAL: "Medical alarm",
        AlarmKind.MAN_DOWN: "Person down",
        AlarmKind.FALL: "Fall alarm",
        AlarmKind.NO_MOTION: "No movement",
        AlarmKind.UNSPECIFIED_ALARM: "Alarm",
        AlarmKind.GROUP_ALARM: "Group alarm",
        AlarmKind.MISSED_CHECK_IN: "Missed check-in",
        AlarmKind.OVERDUE: "Visit overdue",
        AlarmKind.LOST_CONTACT: "Lost contact",
        AlarmKind.SILENT_DEVICE: "Alarm device silent",
        AlarmKind.LOW_BATTERY: "Low battery",
        AlarmKind.POWER_OFF: "Alarm device switched off",
        AlarmKind.REMOVED: "Alarm device taken off",
        AlarmKind.TAMPER: "Alarm device tampered with",
        AlarmKind.DEVICE_FAULT: "Alarm device fault",
    },
    marks={Purpose.REAL: "", Purpose.TEST: "TEST", Purpose.DRILL: "DRILL"},
    silent="SILENT ALARM",
    silent_advice="Do not call back. Approach unseen.",
    at="at",
    late="{age} old when it came",
    answer="Reply YES or NO.",
    gone_title="Alarms do not reach your app",
    gone_advice="One of your phones no longer takes alarms in the app. Open the app and log in again.",
    news={
        About.GOING: News("Somebody is going", "A colleague is going to {subject}. You may still be needed."),
        About.RELEASED: News("You need not come", "Enough colleagues are going to {subject}."),
        About.OVER: News("The alarm is over", "{subject}, alarm at {time}."),
        About.TAKEN: News("Your alarm was taken", "A person has taken your alarm."),
        About.OWNER_IDLE: News(
            "Alarm without action", "An operator took the alarm about {subject} of {time} and did nothing since."
        ),
        About.CHECK_IN_DUE: News("Check in", "Your check-in is at {time}."),
        About.END_DUE: News("End or extend", "Your session is set to end at {time}."),
        About.WELFARE: News("Are you all right?", "Answer in the app by {time}."),
        About.COMPANION: News("Your colleague has not been heard of", "{subject}. The alarm is raised."),
        About.PRE_ALARM: News("Alarm about to go out", "The alarm goes out at {second} unless you cancel it."),
        About.RETURN_DUE: News("Bring the alarm device back", "It was to be back at {time}."),
        About.NOT_RETURNED: News("Alarm device not returned", "{subject}: it was to be back on {day} at {time}."),
        About.HANDOVER_OPEN: News(
            "Shift change not signed", "The list was to be signed by both at {time}. Open cases: {cases}."
        ),
    },
)
