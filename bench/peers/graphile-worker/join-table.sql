-- Dependencies between jobs, which Graphile Worker leaves to its users: a node is a job to come, `waiting` counts
-- the inputs that are not there yet. The job that brings the last one adds the job of the node that waited for it,
-- in the same transaction as its own result.
CREATE SCHEMA bench;

CREATE TABLE bench.node (
  id int PRIMARY KEY,
  task text NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  -- The nodes that wait for this one.
  dependents int[] NOT NULL DEFAULT '{}',
  waiting int NOT NULL,
  results jsonb[] NOT NULL DEFAULT '{}',
  is_done boolean NOT NULL DEFAULT false
);

-- Adds the jobs of these nodes. Nodes that waited go before jobs that were there from the start, so that a tree
-- is reduced while its leaves run.
CREATE FUNCTION bench.add_jobs(nodes bench.node[]) RETURNS void LANGUAGE sql AS $$
  SELECT count(*) FROM graphile_worker.add_jobs(ARRAY(
    SELECT json_populate_record(NULL::graphile_worker.job_spec, json_build_object(
      'identifier', node.task,
      'payload', node.payload || jsonb_build_object('id', node.id, 'inputs', to_jsonb(node.results)),
      'priority', CASE WHEN node.results = '{}' THEN 0 ELSE -1 END))
    FROM unnest(nodes) AS node));
$$;

-- Called by a job at its end. A second run of the same job (delivery is at least once) changes nothing.
CREATE FUNCTION bench.finish(node_id int, result jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  next int[];
  ready bench.node[];
BEGIN
  UPDATE bench.node SET is_done = true WHERE id = node_id AND NOT is_done RETURNING dependents INTO next;
  IF NOT FOUND THEN RETURN; END IF;
  IF next = '{}' THEN
    PERFORM pg_notify('bench_done', result::text);
    RETURN;
  END IF;
  -- The inner select locks in one order, so that two jobs which finish for the same nodes cannot deadlock.
  WITH locked AS (SELECT id FROM bench.node WHERE id = ANY(next) ORDER BY id FOR UPDATE),
  updated AS (
    UPDATE bench.node SET waiting = waiting - 1,
      results = CASE WHEN result IS NULL THEN results ELSE results || result END
    FROM locked WHERE node.id = locked.id RETURNING node.*)
  SELECT array_agg(updated::bench.node) INTO ready FROM updated WHERE waiting = 0;
  IF ready IS NOT NULL THEN PERFORM bench.add_jobs(ready); END IF;
END;
$$;
