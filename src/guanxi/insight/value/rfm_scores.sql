-- Scores by the edges: one more than the number of edges lying strictly below the value.
select
    customer_id,
    1 + gx_above(-recency_days, $recency) as r,
    1 + gx_above(frequency, $frequency) as f,
    1 + gx_above(gx_money(monetary), $monetary) as m
from summary
where frequency >= 1
