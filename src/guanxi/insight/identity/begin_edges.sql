-- Records and buckets once each; a bucket of one record joins nothing.
with distinct_edge as (
    select distinct record as node, bucket
    from edge
    where record is not null
        and bucket is not null
),
open_bucket as (
    select bucket
    from distinct_edge
    group by bucket
    having count(*) > 1
)
select distinct_edge.node, distinct_edge.bucket
from distinct_edge
join open_bucket on open_bucket.bucket = distinct_edge.bucket
