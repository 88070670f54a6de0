-- name: devices
-- What a person wears at $4, by label, with the newest test that reached the desk. What a silent alarm told of a device
-- is left out.
SELECT d.id, d.label, d.protocol, d.model, d.supervised, d.supervision, d.changed_at,
    s.told_battery_pct AS battery_pct, s.told_charging AS charging, s.told_seen_at AS last_seen_at, (
        SELECT t.received_at FROM test_alarms t
        WHERE t.device_id = d.id AND t.organisation_id = d.organisation_id AND t.reached_desk_at IS NOT NULL
        ORDER BY t.received_at DESC LIMIT 1) AS tested_at
FROM device_assignments a
JOIN devices d ON d.organisation_id = a.organisation_id AND d.id = a.device_id
LEFT JOIN device_states s ON s.organisation_id = d.organisation_id AND s.device_id = d.id
WHERE a.organisation_id = $1 AND a.committee_id = ANY ($2::uuid[]) AND a.person_id = $3
    AND a.from_at <= $4 AND (a.until_at IS NULL OR a.until_at > $4) AND d.purpose = 'real'
ORDER BY d.label NULLS LAST, d.account
LIMIT $5;

-- name: reads
-- Who was shown what about a person, newest first. Of a silent alarm nothing before it has been stood down since $3,
-- neither a line nor a gap: what was read because of it, and a recording that was played while it was open.
SELECT l.at, coalesce(u.name, '') AS by, coalesce(u.role, '') AS role, l.action, l.ground, i.kind
FROM access_log l
LEFT JOIN users u ON u.organisation_id = l.organisation_id AND u.id = l.user_id
LEFT JOIN incidents i ON i.organisation_id = l.organisation_id AND i.id = l.incident_id
WHERE l.organisation_id = $1 AND l.person_id = $2
    AND (i.id IS NULL OR NOT (i.silent OR i.subject LIKE 'covert/%') OR i.stood_down_at <= $3)
    AND (l.action <> 'recording_played' OR NOT EXISTS (
        SELECT FROM incidents c
        WHERE c.organisation_id = l.organisation_id AND c.committee_id = l.committee_id AND c.person_id = $2
            AND (c.silent OR c.subject LIKE 'covert/%') AND c.opened_at <= l.at
            AND (c.stood_down_at IS NULL OR (c.stood_down_at >= l.at AND c.stood_down_at > $3))))
ORDER BY l.at DESC, l.id DESC
LIMIT $4;

-- name: colleagues
-- Persons of the same unit or of the same teams, by name; those who have left by $4 are not offered.
SELECT p.id, p.name
FROM persons me
JOIN persons p ON p.organisation_id = me.organisation_id AND p.id <> me.id AND (p.unit_id = me.unit_id OR EXISTS (
    SELECT FROM team_members mine
    JOIN team_members his ON his.organisation_id = mine.organisation_id AND his.team_id = mine.team_id
    WHERE mine.organisation_id = me.organisation_id AND mine.person_id = me.id AND his.person_id = p.id))
WHERE me.organisation_id = $1 AND me.id = $3 AND p.committee_id = ANY ($2::uuid[])
    AND (p.ends_on IS NULL OR p.ends_on >= $4)
ORDER BY p.name, p.id
LIMIT $5;

-- name: messages
-- Words from the desk since $4: to those who respond, of incidents that the person was told of, and to the wearer, of
-- his own as far as anybody beside him may see them; newest first.
SELECT t.incident_id, t.at, t.detail ->> 'to' AS to, coalesce(u.name, '') AS by, t.detail ->> 'text' AS text
FROM incidents i
JOIN timeline t ON t.organisation_id = i.organisation_id AND t.incident_id = i.id AND t.kind = 'message_sent'
LEFT JOIN users u ON u.organisation_id = t.organisation_id AND u.id = (t.actor ->> 'user_id')::uuid
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.purpose <> 'test'
    AND (i.state <> 'stood_down' OR i.opened_at > $4) AND t.at > $4
    AND CASE t.detail ->> 'to'
        WHEN 'wearer' THEN i.person_id = $3 AND NOT i.silent AND i.subject NOT LIKE 'covert/%'
        ELSE EXISTS (SELECT FROM responders r
            WHERE r.organisation_id = i.organisation_id AND r.incident_id = i.id AND r.person_id = $3) END
ORDER BY t.at DESC, t.incident_id, t.seq DESC
LIMIT $5;
