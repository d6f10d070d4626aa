"""Who may answer, and what was answered."""

from django.db import models

SCORES = [(score, str(score)) for score in range(1, 6)]
LIKELIHOODS = [(score, str(score)) for score in range(11)]
RESOLVED = [("yes", "完全解决"), ("partly", "部分解决"), ("no", "没有解决")]


class Invitation(models.Model):
    token = models.CharField(max_length=22, unique=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.token


class Response(models.Model):
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT)
    satisfaction = models.SmallIntegerField("您对本次服务的总体满意度如何？", choices=SCORES)
    resolved = models.CharField("您的问题解决了吗？", max_length=10, choices=RESOLVED, blank=True)
    attitude = models.SmallIntegerField("服务人员的态度如何？", choices=SCORES, null=True, blank=True)
    recommend = models.SmallIntegerField(
        "您愿意把我们推荐给亲友或同事吗？", choices=LIKELIHOODS, null=True, blank=True
    )
    comment = models.TextField("您希望我们在哪些方面改进？", max_length=2000, blank=True)
    submitted_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.pk)
