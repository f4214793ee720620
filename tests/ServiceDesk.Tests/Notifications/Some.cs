using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Notifications;

/// <summary>Facts and messages to begin a test with.</summary>
internal static class Some
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);   // 2023-11-14 22:13:20 UTC

    public static MessageFacts Facts(Audience audience = Audience.Staff, string milestone = "en-route", string accountable = "tech-7", Priority priority = Priority.P2, string site = "works") => new(
        "T-1001", milestone, MilestoneWords.Of(milestone, audience), audience is Audience.Staff ? new LocalizedText("Bearing worn", "轴承磨损") : null,
        audience is Audience.Staff ? new LocalizedText("the technician is on the way", "技术员已出发") : null, priority, "pump-1", site, At, At.AddHours(-1), NextStep.Visit, At.AddHours(2), accountable, audience,
        audience is Audience.Staff ? null : "TRACK23");

    public static Composer Composer(string language = "en", string? publicUrl = null) =>
        new(language, TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"), new NotificationOptions { Signature = "Night desk", PublicUrl = publicUrl is null ? null : new Uri(publicUrl) });

    public static Message Message(string language = "en", Audience audience = Audience.Staff, string? publicUrl = "https://service.example.com/") =>
        Composer(language, publicUrl).Of("msg_1", Facts(audience));
}
