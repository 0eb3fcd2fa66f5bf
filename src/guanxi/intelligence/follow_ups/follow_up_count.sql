-- the arms of every follow-up, and what was done with those who were not left alone
select
  follow_up_id,
  count(*) filter (where arm = 'treated') as treated,
  count(*) filter (where arm = 'control') as control,
  count(*) filter (where arm = 'treated' and task_state = 'done') as done,
  count(*) filter (where arm = 'treated' and reached_on is not null) as reached
from follow_up_member
group by follow_up_id
