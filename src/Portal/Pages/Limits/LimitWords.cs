using Seamless.Fleet.Limits;
using Seamless.Portal.Pages.Viewing;

namespace Seamless.Portal.Pages.Limits;

/// <summary>Use and limit in one cell: <c>12.4 of 1,000</c>, or <c>12.4, no limit</c>.</summary>
internal static class LimitWords
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    public static string Of(Cap cap, Viewer viewer, Words words) => cap.IsNone ? words["limits.none"] : cap.Max.ToString("N0", viewer.Culture);

    public static string Of(double used, Cap cap, Viewer viewer, Words words) =>
        cap.IsNone ? words["limits.ofNone", Figure(used, viewer)] : words["limits.of", Figure(used, viewer), Of(cap, viewer, words)];

    public static string OfBytes(long used, Cap cap, Viewer viewer, Words words) =>
        cap.IsNone ? words["limits.ofNone", Bytes(used, viewer)] : words["limits.of", Bytes(used, viewer), Bytes(cap.Max, viewer)];

    public static string Of(long count, Viewer viewer) => count.ToString("N0", viewer.Culture);

    private static string Figure(double used, Viewer viewer) => used.ToString(used >= 100 ? "N0" : "0.##", viewer.Culture);

    private static string Bytes(long bytes, Viewer viewer)
    {
        var (size, unit) = ((double)bytes, 0);
        for (; size >= 1000 && unit < Units.Length - 1; unit++) size /= 1000;
        return $"{size.ToString(size >= 100 ? "0" : "0.#", viewer.Culture)} {Units[unit]}";
    }
}
