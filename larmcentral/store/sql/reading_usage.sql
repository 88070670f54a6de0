-- name: persons
-- Persons who work here by their units: trained, at work alone, and who has protection and never touched it.
-- $3, $4: the span. $5, $6: the least ids made in its first moment and after it. $7: today.
SELECT p.unit_id, count(*) AS persons, count(p.trained_on) AS trained, sum(s.sessions)::int AS sessions,
    count(*) FILTER (WHERE s.sessions > 0) AS worked_alone,
    count(*) FILTER (WHERE s.sessions = 0 AND (w.device OR w.app) AND NOT EXISTS (
        SELECT FROM test_alarms t
        WHERE t.person_id = p.id AND t.organisation_id = p.organisation_id AND t.received_at >= $3 AND t.received_at < $4)
    ) AS idle
FROM persons p
CROSS JOIN LATERAL (
    SELECT count(*) AS sessions FROM vigils v
    WHERE v.person_id = p.id AND v.organisation_id = p.organisation_id AND v.kind = 'session' AND v.id >= $5 AND v.id < $6
) s
CROSS JOIN LATERAL (
    SELECT EXISTS (
            SELECT FROM device_assignments a
            WHERE a.organisation_id = p.organisation_id AND a.person_id = p.id AND a.until_at IS NULL) AS device,
        EXISTS (
            SELECT FROM contact_points c
            WHERE c.person_id = p.id AND c.organisation_id = p.organisation_id AND c.retired_at IS NULL
                AND c.channel IN ('apns', 'fcm', 'web_push')) AS app
) w
WHERE p.organisation_id = $1 AND p.committee_id = ANY ($2::uuid[]) AND (p.ends_on IS NULL OR p.ends_on >= $7)
GROUP BY p.unit_id;

-- name: devices
-- Devices by the units of those who wear them, or of where they hang, as they are now. silent: the watch over it noticed.
-- $3: a test that reached the desk since then is not due again.
SELECT coalesce(p.unit_id, pl.unit_id) AS unit_id, count(*) AS devices,
    count(*) FILTER (WHERE EXISTS (
        SELECT FROM vigils v
        WHERE v.device_id = d.id AND v.kind = 'supervision' AND v.organisation_id = d.organisation_id
            AND v.ended_at IS NULL AND v.core ->> 'lost_at' IS NOT NULL)) AS silent,
    count(*) FILTER (WHERE s.battery_pct < $4) AS low_battery,
    count(*) FILTER (WHERE NOT EXISTS (
        SELECT FROM test_alarms t
        WHERE t.device_id = d.id AND t.organisation_id = d.organisation_id AND t.received_at >= $3
            AND t.reached_desk_at IS NOT NULL)) AS tests_due
FROM devices d
LEFT JOIN device_states s ON s.organisation_id = d.organisation_id AND s.device_id = d.id
LEFT JOIN device_assignments a ON a.organisation_id = d.organisation_id AND a.device_id = d.id AND a.until_at IS NULL
LEFT JOIN persons p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
LEFT JOIN places pl ON pl.organisation_id = d.organisation_id AND pl.id = d.place_id
WHERE d.organisation_id = $1 AND d.committee_id = ANY ($2::uuid[]) AND d.purpose = 'real'
GROUP BY 1;

-- name: alarms
-- Real alarms that call for a person by unit, and how many were none.
SELECT coalesce(p.unit_id, pl.unit_id) AS unit_id, count(*) AS alarms,
    count(*) FILTER (WHERE i.outcome = 'false') AS false_alarms
FROM reported_incidents i
LEFT JOIN persons p ON p.organisation_id = i.organisation_id AND p.id = i.person_id
LEFT JOIN places pl ON pl.organisation_id = i.organisation_id AND pl.id = i.place_id
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.purpose = 'real' AND i.gravity < 4
    AND i.opened_at >= $3 AND i.opened_at < $4
GROUP BY 1;

-- name: bad_actors
-- Persons, devices and places whose alarms were false most often.
SELECT w.what, coalesce(p.name, d.label, d.account, pl.name) AS name, w.alarms, w.false_alarms
FROM (
    SELECT i.person_id, i.device_id, i.place_id, count(*) AS alarms,
        count(*) FILTER (WHERE i.outcome = 'false') AS false_alarms,
        CASE WHEN grouping(i.person_id) = 0 THEN 'person' WHEN grouping(i.device_id) = 0 THEN 'device' ELSE 'place' END
            AS what
    FROM reported_incidents i
    WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.purpose = 'real' AND i.gravity < 4
        AND i.opened_at >= $3 AND i.opened_at < $4
    GROUP BY GROUPING SETS ((i.person_id), (i.device_id), (i.place_id))
    HAVING count(*) FILTER (WHERE i.outcome = 'false') > 0 AND num_nonnulls(i.person_id, i.device_id, i.place_id) = 1
) w
LEFT JOIN persons p ON p.organisation_id = $1 AND p.id = w.person_id
LEFT JOIN devices d ON d.organisation_id = $1 AND d.id = w.device_id
LEFT JOIN places pl ON pl.organisation_id = $1 AND pl.id = w.place_id
WHERE coalesce(p.name, d.label, d.account, pl.name) IS NOT NULL
ORDER BY w.false_alarms DESC, w.alarms DESC, w.what, name
LIMIT $5;

-- name: causes
-- Why real alarms that called for a person were none, as was answered on closing.
SELECT i.closing -> 'cause' ->> 'choice' AS cause, count(*) AS alarms
FROM incidents i
WHERE i.organisation_id = $1 AND i.committee_id = ANY ($2::uuid[]) AND i.purpose = 'real' AND i.gravity < 4
    AND i.opened_at >= $3 AND i.opened_at < $4 AND i.outcome = 'false'
GROUP BY 1
ORDER BY count(*) DESC, 1;
