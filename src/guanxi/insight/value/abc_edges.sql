-- The smallest spend in class A and in A or B: a class is open until those above it have reached its share.
with level as (
    select spend, gx_money(sum(spend)) as total
    from spend
    where spend > 0
    group by spend
),
placed as (
    select
        spend,
        gx_money(sum(total) over (order by spend desc rows between unbounded preceding and current row)) - total as above,
        gx_money(sum(total) over ()) as everything
    from level
)
select
    min(case when above * 1000000 < everything * $a_millionths then spend end) as a_from,
    min(case when above * 1000000 < everything * $b_millionths then spend end) as b_from
from placed
