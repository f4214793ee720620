using System.Globalization;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Dispatch.Technicians;

namespace Seamless.ServiceDesk.Dispatch;

/// <summary>Whether somebody can be on site in time at every hour of the week: asked before it is promised.</summary>
internal static class Coverage
{
    private const int HoursOfWeek = 168;
    private static readonly string[] Days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <param name="workers">Their minutes count from <paramref name="monday"/>, 00:00 UTC.</param>
    public static FeasibilityAnswer Of(
        IReadOnlyList<Worker> workers, IReadOnlyDictionary<string, Technician> technicians, string site, GeoPoint? place, string? skill, TimeSpan within, DateTimeOffset monday)
    {
        var limit = (int)within.TotalMinutes;
        var job = new Job("", site, place, 60, skill, 1, 0, limit, 1);
        var able = workers.Where(w => Qualification.May(w, job, HoursOfWeek * 60)).Select(w => (Worker: w, Minutes: Minutes(w, place))).ToList();
        var covering = able.Where(a => a.Minutes <= limit).OrderBy(a => a.Minutes).ThenBy(a => a.Worker.Id, StringComparer.Ordinal).ToList();
        var (open, worst) = (new List<int>(), (int?)null);
        for (var hour = 0; hour < HoursOfWeek; hour++)
        {
            // Called at the hour's end he must still be on shift when he arrives.
            var first = covering.FirstOrDefault(c => c.Worker.Shifts.Any(s => s.Begin <= hour * 60 && s.End >= hour * 60 + 60) && IsThere(c.Worker, hour * 60 + 60 + c.Minutes));
            if (first.Worker is null) open.Add(hour);
            else worst = Math.Max(worst ?? 0, first.Minutes);
        }
        return new FeasibilityAnswer(
            open.Count == 0, limit, open.Count, GapsOf(open), worst,
            [.. covering.Select(c => new CoveringTechnician(c.Worker.Id, technicians[c.Worker.Id].Profile.Kind, c.Minutes, Enumerable.Range(0, HoursOfWeek).Count(h => IsThere(c.Worker, h * 60))))],
            open.Count == 0 ? [] : Helps(workers, able, job, limit, covering.Count, open.Count, monday));
    }

    private static int Minutes(Worker worker, GeoPoint? place) =>
        worker.Resident ? 0 : (int)Math.Ceiling((Travel.Preparation + Travel.Time(Travel.Km(worker.Home, place))).TotalMinutes);

    private static bool IsThere(Worker worker, int minute) => worker.Shifts.Any(s => s.Begin <= minute % (HoursOfWeek * 60) && minute % (HoursOfWeek * 60) < s.End);

    private static List<LocalizedText> Helps(IReadOnlyList<Worker> workers, List<(Worker Worker, int Minutes)> able, Job job, int limit, int covering, int openHours, DateTimeOffset monday)
    {
        var km = Math.Max(0, (limit - Travel.Preparation.TotalMinutes) / 60 * 60);
        var helps = new List<LocalizedText>();
        if (covering > 0) helps.Add(new($"more shifts of those who cover it, or on-call duty, for {openHours} hours of the week", $"由已覆盖者增加班次或值守，补足每周 {openHours} 小时"));
        helps.Add(new("a resident at the site around the clock", "在现场派驻全天候驻场工程师"));
        helps.Add(new($"technicians who live within {km:0} km and share the week's shifts", $"在 {km:0} 公里内配备轮班技术员"));
        if (able.Where(a => a.Minutes > limit).OrderBy(a => a.Minutes).FirstOrDefault() is { Worker: { } near, Minutes: var minutes })
            helps.Add(new($"{near.Id} is the nearest of the others and would need {minutes} minutes: promise at least that", $"其余最近者 {near.Id} 需 {minutes} 分钟：承诺时限应不低于此"));
        if (job.Skill is { } skill && workers.Where(w => !w.Suspended && !w.Skills.ContainsKey(skill) && Qualification.WorksThere(w, job) && Minutes(w, job.Place) <= limit).OrderBy(w => w.Id, StringComparer.Ordinal).FirstOrDefault() is { } untrained)
            helps.Add(new($"training {untrained.Id}, who is near enough, in {skill}", $"为距离足够近的 {untrained.Id} 培训 {skill}"));
        return helps;
    }

    /// <summary>Hours that follow each other as one span.</summary>
    private static List<string> GapsOf(List<int> hours)
    {
        var gaps = new List<string>();
        for (var i = 0; i < hours.Count;)
        {
            var j = i;
            while (j + 1 < hours.Count && hours[j + 1] == hours[j] + 1) j++;
            gaps.Add($"{Name(hours[i])}–{(hours[j] + 1 == HoursOfWeek ? "Sun 24:00" : Name(hours[j] + 1))}");
            i = j + 1;
        }
        return gaps;

        static string Name(int hour) => string.Create(CultureInfo.InvariantCulture, $"{Days[hour / 24]} {hour % 24:00}:00");
    }
}
