-- name: horizon
-- Everything written by transactions below this one has ended.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

-- name: place
-- The last line below that horizon. A place is always a line that stands on disk: transaction numbers that were only
-- handed out go back when a server crashes, and a place made of one would hide what is written under it next.
SELECT xact::text::bigint AS xact, feed FROM timeline
WHERE xact < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY timeline.xact DESC, feed DESC LIMIT 1;

-- name: newer
-- Lines behind a place that were not told ahead of it, by incident, in the order of the feed. $5: also lines beyond
-- a transaction that is still under way; they are real, but the place may not move past it.
WITH lines AS (
    SELECT t.organisation_id, t.committee_id, t.incident_id, t.seq, t.xact, t.feed
    FROM timeline t
    WHERE (t.xact, t.feed) > ($1::text::xid8, $2::bigint) AND t.feed <> ALL ($3::bigint[])
        AND ($5 OR t.xact < pg_snapshot_xmin(pg_current_snapshot()))
    ORDER BY t.xact, t.feed
    LIMIT $4
)
SELECT l.organisation_id, l.committee_id, l.incident_id, i.person_id, i.purpose = 'test' AS test, i.silent,
    ARRAY (
        SELECT r.person_id FROM responders r
        WHERE r.organisation_id = l.organisation_id AND r.incident_id = l.incident_id) AS told,
    array_agg(l.seq ORDER BY l.seq) AS seqs,
    array_agg(l.xact::text::bigint ORDER BY l.xact, l.feed) AS xacts,
    array_agg(l.feed ORDER BY l.xact, l.feed) AS feeds
FROM lines l
JOIN incidents i ON i.organisation_id = l.organisation_id AND i.id = l.incident_id
GROUP BY l.organisation_id, l.committee_id, l.incident_id, i.person_id, i.purpose, i.silent
ORDER BY min(l.feed);

-- name: standing_alarms
-- The system alarms that nobody has cleared.
SELECT a.organisation_id, a.committee_id, a.id, a.raised_at FROM system_alarms a WHERE a.cleared_at IS NULL;
