-- name: heard
-- When devices were heard last, and whether a session of their wearer runs.
SELECT d.id, d.supervision, d.protocol, d.options, s.last_seen_at, EXISTS (
        SELECT FROM device_assignments a
        JOIN vigils v ON v.subject = 'person:' || a.person_id AND v.kind = 'session'
            AND v.organisation_id = a.organisation_id AND v.ended_at IS NULL
        WHERE (a.organisation_id, a.device_id) = (d.organisation_id, d.id) AND a.until_at IS NULL) AS in_session
FROM devices d
LEFT JOIN device_states s ON (s.organisation_id, s.device_id) = (d.organisation_id, d.id)
WHERE d.id = ANY ($1::uuid[]);

-- name: losses
-- How many devices of a committee are supervised, and when those fell silent that have been since $2.
SELECT count(*) AS supervised, array_agg(l.lost_at ORDER BY l.lost_at) FILTER (WHERE l.lost_at >= $2) AS lost
FROM (
    SELECT (v.core ->> 'lost_at')::timestamptz AS lost_at FROM vigils v
    WHERE v.committee_id = $1 AND v.kind = 'supervision' AND v.ended_at IS NULL
) l;

-- name: silences
-- How many devices of a committee have been silent for more than half of their time at $4, of how many: those whose time
-- is $2 or less, without those that fell silent before $3 and still are.
SELECT count(*) AS listened_for, count(*) FILTER (WHERE $4 - l.heard_at > l.patience / 2) AS silent
FROM (
    SELECT (v.core ->> 'window')::interval AS patience, (v.core ->> 'lost_at')::timestamptz AS lost_at,
        greatest(s.last_seen_at, (v.core ->> 'counted_from')::timestamptz) AS heard_at
    FROM vigils v JOIN device_states s ON (s.organisation_id, s.device_id) = (v.organisation_id, v.device_id)
    WHERE v.committee_id = $1 AND v.kind = 'supervision' AND v.ended_at IS NULL
) l
WHERE l.patience <= $2 AND (l.lost_at IS NULL OR l.lost_at >= $3);

-- name: unwatched
-- Supervised devices that were heard of and that nobody watches yet. Those that somebody does are read once and hashed:
-- planned while the tables were empty, a join walked all vigils for each device.
SELECT d.organisation_id, d.committee_id, d.protocol, d.account, d.id AS device_id, d.purpose,
    coalesce(d.label, d.account) AS device_label, d.options, p.id AS person_id, p.unit_id, p.name AS person_name,
    p.language, p.committee_id AS person_committee_id
FROM (
    SELECT x.* FROM devices x
    WHERE x.supervised AND x.purpose = 'real'
        AND EXISTS (
            SELECT FROM device_states s WHERE (s.organisation_id, s.device_id) = (x.organisation_id, x.id) OFFSET 0)
        AND x.id NOT IN (
            SELECT v.device_id FROM vigils v
            WHERE v.kind = 'supervision' AND v.ended_at IS NULL AND v.device_id IS NOT NULL)
    ORDER BY x.id
    LIMIT $1
) d
LEFT JOIN device_assignments a
       ON (a.organisation_id, a.device_id) = (d.organisation_id, d.id) AND a.until_at IS NULL
LEFT JOIN persons p ON (p.organisation_id, p.id) = (a.organisation_id, a.person_id)
ORDER BY d.id;

-- name: subject
-- A device and who wears it.
SELECT d.organisation_id, d.committee_id, d.protocol, d.account, d.id AS device_id, d.purpose,
    coalesce(d.label, d.account) AS device_label, d.options, p.id AS person_id, p.unit_id, p.name AS person_name,
    p.language, p.committee_id AS person_committee_id
FROM devices d
LEFT JOIN device_assignments a
       ON (a.organisation_id, a.device_id) = (d.organisation_id, d.id) AND a.until_at IS NULL
LEFT JOIN persons p ON (p.organisation_id, p.id) = (a.organisation_id, a.person_id)
WHERE d.id = $1;

-- name: worn_by
-- The devices that a person wears.
SELECT d.organisation_id, d.committee_id, d.protocol, d.account, d.id AS device_id, d.purpose,
    coalesce(d.label, d.account) AS device_label, d.options, p.id AS person_id, p.unit_id, p.name AS person_name,
    p.language, p.committee_id AS person_committee_id
FROM device_assignments a
JOIN devices d ON (d.organisation_id, d.id) = (a.organisation_id, a.device_id)
JOIN persons p ON (p.organisation_id, p.id) = (a.organisation_id, a.person_id)
WHERE a.person_id = $1 AND a.until_at IS NULL
ORDER BY d.id;

-- name: pool_device
-- Take the device with this scan code: its battery, its last test that reached the desk, and who has it.
SELECT d.organisation_id, d.committee_id, d.id, d.tag, coalesce(d.label, d.account) AS label, d.pool, s.battery_pct,
    (SELECT max(t.received_at) FROM test_alarms t
     WHERE t.device_id = d.id AND t.organisation_id = d.organisation_id AND t.reached_desk_at IS NOT NULL) AS tested_at,
    b.person_id AS lent_to, p.name AS lent_to_name, b.loan_id
FROM devices d
LEFT JOIN device_states s ON (s.organisation_id, s.device_id) = (d.organisation_id, d.id)
LEFT JOIN LATERAL (
    SELECT l.id AS loan_id, coalesce((l.core ->> 'person_id')::uuid, a.person_id) AS person_id
    FROM (SELECT 1) one
    LEFT JOIN vigils l
           ON l.device_id = d.id AND l.kind = 'loan' AND l.organisation_id = d.organisation_id AND l.ended_at IS NULL
    LEFT JOIN device_assignments a
           ON (a.organisation_id, a.device_id) = (d.organisation_id, d.id) AND a.until_at IS NULL
) b ON true
LEFT JOIN persons p ON (p.organisation_id, p.id) = (d.organisation_id, b.person_id)
WHERE d.tag = $1
ORDER BY d.id LIMIT 1 FOR UPDATE OF d;

-- name: person_facts
-- What the gate asks of a borrower.
SELECT p.id, p.name, p.trained_on, p.ends_on FROM persons p WHERE p.id = $1;

-- name: end_assignment
-- Nobody but $2 wears it from $3 on.
UPDATE device_assignments SET until_at = greatest($3, from_at + interval '1 microsecond')
WHERE device_id = $1 AND until_at IS NULL AND person_id IS DISTINCT FROM $2;

-- name: assign
-- Somebody wears it from now on, and at the earliest from when nobody else does.
INSERT INTO device_assignments (organisation_id, committee_id, device_id, person_id, from_at)
SELECT d.organisation_id, d.committee_id, d.id, $2, greatest($3, (
    SELECT max(a.until_at) FROM device_assignments a
    WHERE (a.organisation_id, a.device_id) = (d.organisation_id, d.id)))
FROM devices d
WHERE d.id = $1 AND NOT EXISTS (
    SELECT FROM device_assignments a
    WHERE (a.organisation_id, a.device_id) = (d.organisation_id, d.id) AND a.until_at IS NULL);

-- name: file_test_alarm
-- A line of the ledger; the same signal is written once.
INSERT INTO test_alarms (organisation_id, committee_id, signal_id, incident_id, device_id, person_id, pressed_at,
    received_at, reached_desk_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (organisation_id, signal_id) DO NOTHING;

-- name: test_came_through
-- The consoles were handed it.
UPDATE test_alarms SET reached_desk_at = $2 WHERE incident_id = $1 AND reached_desk_at IS NULL;
