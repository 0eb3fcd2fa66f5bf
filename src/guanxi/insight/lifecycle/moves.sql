-- From where to where customers moved between each month end and the one before it.
with month as (
    select month_on, lag(month_on) over (order by month_on) as before_on
    from (select distinct month_on from stages) as seen
)
select
    later.month_on,
    earlier.stage as from_stage,
    later.stage as to_stage,
    count(*) as customers
from stages as later
join month on month.month_on = later.month_on
left join stages as earlier
    on earlier.customer_id = later.customer_id
    and earlier.month_on = month.before_on
where month.before_on is not null
group by later.month_on, earlier.stage, later.stage
order by later.month_on, earlier.stage, later.stage
