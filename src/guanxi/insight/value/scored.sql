-- Every customer with the score of those alike.
select summary.customer_id, score.value
from summary
inner join score on score.x = summary.x and score.t_x = summary.t_x and score.t = summary.t
