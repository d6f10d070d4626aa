from nps.models.campaign import Campaign, CampaignWave
from nps.models.member import CampaignMember, CampaignStratum
from nps.models.programme import Programme

__all__ = ["Campaign", "CampaignMember", "CampaignStratum", "CampaignWave", "Programme"]
