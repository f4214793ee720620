using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Dispatch.Planning;

namespace Seamless.ServiceDesk.Dispatch;

internal static class ReasonWords
{
    public static LocalizedText Of(UnassignedReason reason) => reason switch
    {
        UnassignedReason.NoSkill => new("nobody has the skill", "无人具备所需技能"),
        UnassignedReason.NotAllowed => new("those with the skill are suspended or their certificate has expired", "具备技能者已停派或证书过期"),
        UnassignedReason.NoTerritory => new("nobody with the skill works there", "具备技能者均不服务该区域"),
        UnassignedReason.NoShift => new("nobody with the skill is on shift in the coming week", "未来一周内无具备技能者当班"),
        _ => new("everybody with the skill is busy or too far away", "具备技能者均已排满或距离过远"),
    };
}
