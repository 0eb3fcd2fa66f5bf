-- Every node points at the smallest node it shares a bucket with (itself among them).
with bucket_floor as (
    select bucket, min(node) as lowest
    from edge
    group by bucket
)
select edge.node, min(bucket_floor.lowest) as parent
from edge
join bucket_floor on bucket_floor.bucket = edge.bucket
group by edge.node
