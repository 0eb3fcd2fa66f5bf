-- The $k-th of $groups edges. Recency runs the other way round (fewer days are better), hence the minus.
select
    count(*) as customers,
    gx_quantile(-recency_days, $k, $groups) as recency,
    gx_quantile(frequency, $k, $groups) as frequency,
    gx_quantile(gx_money(monetary), $k, $groups) as monetary
from summary
where frequency >= 1
