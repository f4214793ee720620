using System.Globalization;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>When a milestone happened, and when it was entered.</summary>
/// <param name="At">When it happened, on our clock.</param>
/// <param name="Reported">False when nobody said when: then it is the time of the entry.</param>
/// <param name="Late">Entered later than allowed, or by a device whose clock is far out.</param>
/// <param name="Place">Where it was entered, when the device said so.</param>
/// <param name="Proof">Photos, signature and the device's own time, when it sent any.</param>
internal sealed record TimePoint(DateTimeOffset At, bool Reported, bool Late, GeoPoint? Place, EntryProof? Proof = null);

/// <summary>Time-points of a repair, entered by people whose devices are offline at times and whose clocks are wrong at times.</summary>
internal static class TimePoints
{
    /// <summary>A milestone is to be entered within this many minutes of when it happened.</summary>
    public const double LimitMinutes = 15;

    /// <summary>A device's clock may be so far out without a flag; what it says is corrected all the same.</summary>
    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(10);

    /// <summary>How far a time may lie ahead of ours; what is less is taken as now.</summary>
    private static readonly TimeSpan AllowedLead = TimeSpan.FromMinutes(2);

    private static readonly string[] Milestones = ["acknowledge", "depart", "arrive", "install-part", "resolve"];

    /// <summary>Reads <c>at</c>, <c>sentAt</c>, <c>latitude</c>, <c>longitude</c>, <c>photos</c> and <c>signature</c> of an action. With <c>sentAt</c>, the device's clock at the moment of sending, its error is known and taken out.</summary>
    public static Outcome<TimePoint> Read(DeskWork work, TicketRow ticket, TicketAction action)
    {
        var place = Place(action);
        if (!place.Succeeded) return place.Refusal;
        var proof = TimePointProof.Read(action);
        if (!proof.Succeeded) return proof.Refusal;
        if (!action.Args.TryGetValue("at", out var text)) return new TimePoint(work.Now, false, false, place.Value.Point, proof.Value.With(null));
        if (!TryRead(text, out var at)) return Wrong("at", text);
        var skew = TimeSpan.Zero;
        if (action.Args.TryGetValue("sentAt", out var sent))
        {
            if (!TryRead(sent, out var sentAt)) return Wrong("sentAt", sent);
            skew = work.Now - sentAt;
        }
        var deviceAt = at;
        at += skew;
        if (at > work.Now + AllowedLead) return Refusal.Invalid("time-not-come", $"{at:u} has not come yet (it is {work.Now:u}); if the device's clock is wrong, send its time as 'sentAt'");
        if (at > work.Now) at = work.Now;
        if (at < ticket.OpenedAt) return Refusal.Invalid("time-before-opened", $"{at:u} is before {ticket.Number} was opened, {ticket.OpenedAt:u}");
        if (at < ticket.LastStepAt) return Refusal.Invalid("time-before-step", $"{at:u} is before the step before it, {ticket.LastStepAt:u}");
        return new TimePoint(at, true, (work.Now - at).TotalMinutes > LimitMinutes || skew.Duration() > AllowedSkew, place.Value.Point, proof.Value.With(deviceAt));
    }

    /// <summary>For the scoreboard: how late it was entered.</summary>
    public static void Count(DeskWork work, TicketRow ticket, TicketAction action, TimePoint point)
    {
        if (!Milestones.Contains(action.Name)) return;
        work.Record(EventKind.TimePoint, $"{action.Name}:{ticket.Version}", ticket, (work.Now - point.At).TotalMinutes, action.Name, action.Actor);
    }

    private static bool TryRead(string text, out DateTimeOffset at) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);

    private static Refusal Wrong(string name, string text) => Refusal.Invalid("time-unreadable", $"'{text}' is no time for '{name}'; RFC 3339 is expected, 2026-01-31T12:00:00Z");

    private static Outcome<Spot> Place(TicketAction action)
    {
        var (north, east) = (action.Args.GetValueOrDefault("latitude"), action.Args.GetValueOrDefault("longitude"));
        if (north is null && east is null) return new Spot(null);
        return double.TryParse(north, CultureInfo.InvariantCulture, out var latitude) && double.TryParse(east, CultureInfo.InvariantCulture, out var longitude)
            && Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180
            ? new Spot(new GeoPoint(latitude, longitude))
            : Refusal.Invalid("place-unreadable", "'latitude' and 'longitude' are degrees, −90…90 and −180…180, both or neither");
    }

    private readonly record struct Spot(GeoPoint? Point);
}
