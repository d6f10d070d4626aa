from nps.admin.campaigns import CampaignAdmin
from nps.admin.members import CampaignMemberAdmin
from nps.admin.programmes import ProgrammeAdmin

__all__ = ["CampaignAdmin", "CampaignMemberAdmin", "ProgrammeAdmin"]
