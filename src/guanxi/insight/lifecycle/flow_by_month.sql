-- Who came, went and came back between each month end and the one before it.
with period as (
    select position, month_on, lag(month_on) over (order by position) as before_on
    from month
),
moved as (
    select
        period.month_on,
        known.before_last_on is null as is_new,
        known.last_purchase_on > gx_add_months(period.month_on, -$months) as active,
        known.before_last_on > gx_add_months(period.before_on, -$months) as was_active
    from known
    join period on period.month_on = known.as_of
    where period.position > 0
),
counted as (
    select
        month_on,
        count(case when is_new then 1 end) as new,
        count(case when active then 1 end) as active,
        count(case when was_active and not active then 1 end) as lost,
        count(case when not was_active and active then 1 end) as returned
    from moved
    group by month_on
)
select
    period.month_on,
    coalesce(counted.new, 0) as new,
    coalesce(counted.active, 0) as active,
    coalesce(counted.lost, 0) as lost,
    coalesce(counted.returned, 0) as returned
from period
left join counted on counted.month_on = period.month_on
where period.position > 0
order by period.month_on
