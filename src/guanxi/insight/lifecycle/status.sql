select
    customer.customer_id,
    case
        when coalesce(summary.frequency, 0) = 0 and customer.has_contact then 'prospect'
        when coalesce(summary.frequency, 0) = 0 then 'non_customer'
        when summary.last_purchase_on <= gx_add_months(summary.as_of, -$lost_after_months) then 'lost'
        when summary.frequency >= $loyal_orders
            and gx_days_between(summary.first_purchase_on, summary.as_of) >= $loyal_days then 'loyal'
        when summary.frequency >= 2 then 'repeat'
        else 'first_time'
    end as status
from customer
left join summary on summary.customer_id = customer.customer_id
where customer.customer_id is not null
