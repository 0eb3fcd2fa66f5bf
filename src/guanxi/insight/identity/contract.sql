-- The buckets seen from the roots; those with one root left have nothing more to join.
with rooted as (
    select distinct pointer.parent as node, edge.bucket
    from edge
    join pointer on pointer.node = edge.node
),
open_bucket as (
    select bucket
    from rooted
    group by bucket
    having count(*) > 1
)
select rooted.node, rooted.bucket
from rooted
join open_bucket on open_bucket.bucket = rooted.bucket
