-- every customer of a follow-up as who that is today; of two that became one, the one with the smaller number stands
with living as (
  select
    followed.*,
    coalesce(last_merge.main_id, retired.main_id, first_merge.main_id, followed.given_id) as customer_id
  from followed
  left join merged as first_merge on first_merge.customer_id = followed.given_id
  left join retired on retired.customer_id = coalesce(first_merge.main_id, followed.given_id)
  left join merged as last_merge
    on last_merge.customer_id = coalesce(retired.main_id, first_merge.main_id, followed.given_id)
),
placed as (
  select
    *,
    row_number() over (partition by follow_up_id, customer_id order by given_id) as place
  from living
)
select
  follow_up_id,
  customer_id,
  arm,
  since,
  task_state,
  done_on,
  reached_on
from placed
where place = 1
