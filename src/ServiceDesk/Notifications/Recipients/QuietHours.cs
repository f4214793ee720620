namespace Seamless.ServiceDesk.Notifications.Recipients;

/// <summary>Local hours in which what is not urgent waits.</summary>
internal static class QuietHours
{
    public static DateTimeOffset? EndOf(DateTimeOffset at, RecipientRow recipient) => EndOf(at, recipient.QuietFrom, recipient.QuietTo, recipient.ZoneInfo);

    /// <summary>When <paramref name="at"/> lies in the quiet hours: their end; otherwise null.</summary>
    /// <remarks>An end that the change to summer time leaves out is the instant after the gap; one that happens twice is the first.</remarks>
    public static DateTimeOffset? EndOf(DateTimeOffset at, TimeOnly? from, TimeOnly? to, TimeZoneInfo zone)
    {
        if (from is not { } begin || to is not { } end || begin == end) return null;
        var local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
        var time = TimeOnly.FromDateTime(local);
        if (!time.IsBetween(begin, end)) return null;
        var day = DateOnly.FromDateTime(local);
        var until = (time < end ? day : day.AddDays(1)).ToDateTime(end);
        while (zone.IsInvalidTime(until)) until = until.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(until) ? zone.GetAmbiguousTimeOffsets(until).Max() : zone.GetUtcOffset(until);
        return new DateTimeOffset(until, offset).ToUniversalTime() is var instant && instant > at ? instant : null;
    }
}
