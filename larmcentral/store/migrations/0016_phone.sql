-- What a worker's phone asks of the house: long log-ins, what comes late, who has read what, own devices
-- depends: 0015_persons_and_plans

-- migrate: apply

-- A log-in of the phone app lasts for weeks and is counted apart from those of the screens.
ALTER TABLE sessions ADD COLUMN phone boolean NOT NULL DEFAULT false;

-- A phone that was out of reach tells later what was done while a session or a countdown ran.
CREATE INDEX vigils_ended ON vigils (subject, kind, ended_at)
    WHERE ended_at IS NOT NULL AND kind IN ('session', 'pre_alarm');

-- What a device has said of itself, silent alarms left out: this much its wearer's own phone may show, for whoever
-- stands beside her must not see that a pendant was pressed.
ALTER TABLE device_states
    ADD COLUMN told_seen_at timestamptz,
    ADD COLUMN told_battery_pct smallint CHECK (told_battery_pct BETWEEN 0 AND 100),
    ADD COLUMN told_charging boolean;
UPDATE device_states SET told_seen_at = last_seen_at, told_battery_pct = battery_pct, told_charging = charging;

-- migrate: rollback
