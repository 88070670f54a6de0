-- name: desk
-- Who is at the desk for some committees, and how much he has in hand of what is theirs; the least loaded first.
SELECT d.user_id, max(d.name) AS name, min(d.since) AS since, max(d.seen_at) AS seen_at, (
        SELECT count(*) FROM incidents i
        WHERE i.owner_user_id = d.user_id AND i.organisation_id = d.organisation_id AND i.state = 'acknowledged'
            AND i.committee_id = ANY ($2::uuid[])) AS load
FROM desk_presences d
WHERE d.organisation_id = $1 AND d.committee_id = ANY ($2::uuid[])
GROUP BY d.organisation_id, d.user_id
ORDER BY load, since, d.user_id
LIMIT $3;

-- name: seats
-- Who is at the desk for some committees, with what he has in hand and what he took since $3, the least loaded first.
SELECT d.user_id, max(d.name) AS name, min(d.since) AS since, (
        SELECT count(*) FROM incidents i
        WHERE i.owner_user_id = d.user_id AND i.organisation_id = d.organisation_id AND i.state = 'acknowledged'
            AND i.committee_id = ANY ($2::uuid[])) AS load, (
        SELECT count(*) FROM incidents i
        WHERE i.owner_user_id = d.user_id AND i.organisation_id = d.organisation_id
            AND i.committee_id = ANY ($2::uuid[]) AND i.acknowledged_at > $3 AND i.opened_at > $4
            AND i.purpose = 'real' AND i.gravity < 4) AS alarms_10_min
FROM desk_presences d
WHERE d.organisation_id = $1 AND d.committee_id = ANY ($2::uuid[])
GROUP BY d.organisation_id, d.user_id
ORDER BY load, since, d.user_id
LIMIT $5;

-- name: openings
-- When real alarms that call for a person were opened since $3.
SELECT i.opened_at
FROM incidents i
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.opened_at > $3
    AND i.purpose = 'real' AND i.gravity < 4
ORDER BY i.opened_at DESC
LIMIT $4;

-- name: untaken
-- How many real alarms that call for a person nobody has in hand.
SELECT count(*)
FROM incidents i
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.state = 'open' AND i.purpose = 'real'
    AND i.gravity < 4;

-- name: units
-- Units of some committees by name, and those committees that have none, each under its own name.
SELECT c.id AS committee_id, u.id AS unit_id, coalesce(u.name, c.name) AS name
FROM committees c
LEFT JOIN units u ON u.organisation_id = c.organisation_id AND u.committee_id = c.id
WHERE c.organisation_id = $1 AND c.id = ANY ($2::uuid[])
ORDER BY c.name, name, u.id
LIMIT $3;

-- name: handovers
-- Shift changes that wait for a signature, oldest first, with the names of those who are to sign.
SELECT v.id, v.core,
    (SELECT u.name FROM users u
     WHERE u.organisation_id = v.organisation_id AND u.id = (v.core ->> 'from_user')::uuid) AS from_user,
    (SELECT u.name FROM users u
     WHERE u.organisation_id = v.organisation_id AND u.id = (v.core ->> 'to_user')::uuid) AS to_user
FROM vigils v
WHERE v.organisation_id = $1 AND v.committee_id = ANY ($2::uuid[]) AND v.kind = 'handover' AND v.ended_at IS NULL
ORDER BY v.id
LIMIT $3;

-- name: cases
-- Whom the incidents of shift changes are about; those of other committees are not told.
SELECT i.id, i.opened_at, p.name AS person
FROM incidents i
LEFT JOIN persons p ON p.organisation_id = i.organisation_id AND p.id = i.person_id
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.id = ANY ($3::uuid[]);

-- name: pool
-- Pool devices of some committees by scan code: their batteries, their last tests that reached the desk, their loans.
SELECT d.id AS device_id, d.committee_id, d.tag, coalesce(d.label, d.account) AS label, s.battery_pct, s.last_seen_at,
    (SELECT max(t.received_at) FROM test_alarms t
     WHERE t.device_id = d.id AND t.organisation_id = d.organisation_id AND t.reached_desk_at IS NOT NULL) AS tested_at,
    l.core AS loan, coalesce(p.name, '') AS person
FROM devices d
LEFT JOIN device_states s ON s.organisation_id = d.organisation_id AND s.device_id = d.id
LEFT JOIN vigils l ON l.device_id = d.id AND l.kind = 'loan' AND l.organisation_id = d.organisation_id
    AND l.ended_at IS NULL
LEFT JOIN persons p ON p.organisation_id = d.organisation_id AND p.id = (l.core ->> 'person_id')::uuid
WHERE d.organisation_id = $1 AND d.committee_id = ANY ($2::uuid[]) AND d.pool AND d.tag IS NOT NULL
ORDER BY d.tag, d.id
LIMIT $3;

-- name: tests
-- The newest test alarm of each device, and of each person who tested his app; those tested longest ago first.
SELECT t.incident_id, t.device_id, t.label, p.name AS person, t.pressed_at, t.received_at, t.reached_desk_at
FROM (
    SELECT n.incident_id, n.device_id, n.person_id, coalesce(d.label, d.account) AS label, n.pressed_at, n.received_at,
        n.reached_desk_at
    FROM devices d
    CROSS JOIN LATERAL (
        SELECT a.* FROM test_alarms a
        WHERE a.device_id = d.id AND a.organisation_id = d.organisation_id AND a.committee_id = ANY ($2::uuid[])
        ORDER BY a.received_at DESC LIMIT 1
    ) n
    WHERE d.organisation_id = $1
    UNION ALL
    SELECT n.incident_id, NULL, n.person_id, NULL, n.pressed_at, n.received_at, n.reached_desk_at
    FROM persons q
    CROSS JOIN LATERAL (
        SELECT a.* FROM test_alarms a
        WHERE a.person_id = q.id AND a.organisation_id = q.organisation_id AND a.device_id IS NULL
            AND a.committee_id = ANY ($2::uuid[])
        ORDER BY a.received_at DESC LIMIT 1
    ) n
    WHERE q.organisation_id = $1 AND q.committee_id = ANY ($2::uuid[])
) t
LEFT JOIN persons p ON p.organisation_id = $1 AND p.id = t.person_id
ORDER BY t.received_at, t.incident_id
LIMIT $3;
