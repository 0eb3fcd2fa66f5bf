-- Money is linear in $v + x * mean_spend, so those alike in x, t_x and t share the factors.
with placed as (
    select
        summary.customer_id,
        score.expected_orders,
        score.p_alive,
        score.value_factor,
        score.low_factor,
        score.high_factor,
        $v + summary.x * coalesce(summary.mean_spend, gx_double(0)) as scale
    from summary
    inner join score on score.x = summary.x and score.t_x = summary.t_x and score.t = summary.t
)
select
    customer_id,
    expected_orders,
    value_factor * scale as expected_value,
    low_factor * scale as low,
    high_factor * scale as high,
    p_alive
from placed
