using Seamless.Rules.Alarms;

namespace Seamless.ServiceDesk.Reliability;

/// <summary>What made us act: a person who missed something, a limit that was passed, or a detector or model that saw it coming.</summary>
internal static class TicketOrigin
{
    public const string Hand = "hand";
    public const string Limit = "limit";
    public const string Detector = "detector";
    public const string Model = "model";

    /// <summary>The most foreseeing evidence that spoke when the desk acted.</summary>
    public static string Of(Alarm alarm) =>
        alarm.Evidence.Any(e => e.Kind == Model) ? Model : alarm.Evidence.Any(e => e.Kind == Detector) ? Detector : Limit;

    public static bool IsPredicted(string? origin) => origin is Detector or Model;
}
