-- name: persons
-- Persons of some committees by name; $3: a part of the name, or nothing. Those who have left are not offered.
SELECT p.id, p.name, p.committee_id, u.name AS unit
FROM persons p
LEFT JOIN units u ON u.organisation_id = p.organisation_id AND u.id = p.unit_id
WHERE p.organisation_id = $1 AND p.committee_id = ANY ($2::uuid[])
    AND (p.ends_on IS NULL OR p.ends_on >= $3) AND ($4 = '' OR strpos(lower(p.name), lower($4)) > 0)
ORDER BY p.name, p.id
LIMIT $5;

-- name: devices
-- Devices of some committees, those longest unheard first, with whoever wears them at $3.
SELECT d.id AS device_id, d.protocol, d.account, d.label, d.model, d.supervised, d.supervision, d.pool, d.changed_at,
    s.battery_pct, s.last_seen_at, (
        SELECT t.received_at FROM test_alarms t
        WHERE t.device_id = d.id AND t.organisation_id = d.organisation_id AND t.reached_desk_at IS NOT NULL
        ORDER BY t.received_at DESC LIMIT 1) AS tested_at,
    s.charging, p.id AS person_id, p.name AS person_name, p.phone, p.employer, u.name AS unit, NULL AS team
FROM devices d
LEFT JOIN device_states s ON s.organisation_id = d.organisation_id AND s.device_id = d.id
LEFT JOIN LATERAL (
    SELECT a.person_id
    FROM device_assignments a
    WHERE a.organisation_id = d.organisation_id AND a.device_id = d.id
        AND a.from_at <= $3 AND (a.until_at IS NULL OR a.until_at > $3)
    ORDER BY a.from_at DESC
    LIMIT 1
) worn ON true
LEFT JOIN persons p ON p.organisation_id = d.organisation_id AND p.id = worn.person_id
LEFT JOIN units u ON u.organisation_id = p.organisation_id AND u.id = p.unit_id
WHERE d.organisation_id = $1 AND d.committee_id = ANY ($2::uuid[]) AND d.purpose = 'real'
ORDER BY s.last_seen_at NULLS FIRST, d.id
LIMIT $4;

-- name: unknown_input
-- What nobody understood, newest first.
SELECT n.receiver, n.reason, n.first_at, n.last_at, n.times, encode(n.sample, 'hex') AS sample_hex
FROM unknown_input n
WHERE n.organisation_id = $1 AND n.committee_id = ANY ($2::uuid[])
ORDER BY n.last_at DESC
LIMIT $3;
