-- The smallest spend in class A and in A or B: a class is open until those above it have reached its share.
-- The sums are as wide as they come, because they are multiplied.
with level as (
    select spend, cast(sum(spend) as decimal(38, 4)) as total
    from spend
    where spend > 0
    group by spend
),
placed as (
    select
        spend,
        cast(
            sum(total) over (order by spend desc rows between unbounded preceding and current row) as decimal(38, 4)
        ) - total as above,
        cast(sum(total) over () as decimal(38, 4)) as everything
    from level
)
select
    min(
        case when cast(above as decimal(38, 4)) * 1000000 < everything * $a_millionths then spend end
    ) as a_from,
    min(
        case when cast(above as decimal(38, 4)) * 1000000 < everything * $b_millionths then spend end
    ) as b_from
from placed
