select month_on, stage, count(*) as customers
from customer_stage
group by month_on, stage
