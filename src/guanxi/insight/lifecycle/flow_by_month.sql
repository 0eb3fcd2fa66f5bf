-- Who came, went and came back between each month end and the one before it.
with standing as (
    select
        as_of,
        last_purchase_on > gx_add_months(as_of, -$months) as active,
        lag(as_of) over (partition by customer_id order by as_of) as before_on,
        lag(last_purchase_on) over (partition by customer_id order by as_of) as before_last_on
    from known
),
moved as (
    select
        as_of,
        active,
        before_on is null as is_new,
        before_last_on > gx_add_months(before_on, -$months) as was_active
    from standing
)
select
    month.month_on,
    count(case when moved.is_new then 1 end) as new,
    count(case when moved.active then 1 end) as active,
    count(case when moved.was_active and not moved.active then 1 end) as lost,
    count(case when not moved.was_active and moved.active then 1 end) as returned
from month
left join moved on moved.as_of = month.month_on
where month.position > 0
group by month.month_on
order by month.month_on
