-- The smallest spend in each cumulative share of the customers who spent.
with level as (
    select spend, count(*) as customers
    from spend
    where spend > 0
    group by spend
),
placed as (
    select
        spend,
        sum(customers) over (order by spend desc rows between unbounded preceding and current row) - customers as above,
        sum(customers) over () as everybody
    from level
)
select
    min(case when above * 1000000 < everybody * $vip_millionths then spend end) as vip_from,
    min(case when above * 1000000 < everybody * $major_millionths then spend end) as major_from,
    min(case when above * 1000000 < everybody * $regular_millionths then spend end) as regular_from
from placed
