-- name: ends
-- Where an incident's account ends, at which version, and whose house it is.
SELECT i.version, i.entries, i.last_hash, i.committee_id, i.person_id, o.name AS organisation
FROM incidents i
JOIN organisations o ON o.id = i.organisation_id
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.id = $3;

-- name: lines
-- The account of one incident up to a line, oldest first, as it was hashed.
SELECT t.seq, t.at, t.kind, t.actor, t.detail, t.hash, coalesce(
        (SELECT u.name FROM users u WHERE u.organisation_id = t.organisation_id AND u.id = (t.actor ->> 'user_id')::uuid),
        (SELECT p.name FROM persons p
         WHERE p.organisation_id = t.organisation_id AND p.id = (t.actor ->> 'person_id')::uuid)) AS by
FROM timeline t
WHERE t.organisation_id = $1 AND t.incident_id = $2 AND t.seq <= $3
ORDER BY t.seq;

-- name: signals
-- The signals of one incident as they were taken in, oldest first.
SELECT g.id, g.received_at, g.event_at, g.sent_at, g.receiver, g.protocol, g.account, g.authentic, g.kind, g.silent,
    g.buffered, g.lat, g.lon, g.accuracy_m, g.fix_at, g.fix_valid, g.battery_pct, g.charging, g.code, g.text, g.doubts,
    g.attempts, g.raw
FROM signals g
WHERE g.incident_id = $2 AND g.organisation_id = $1
ORDER BY g.received_at, g.id;
