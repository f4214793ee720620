namespace Seamless.Learning.Tests;

/// <summary>Public data sets, which are not shipped: SEAMLESS_DATA names their directory, or they lie in ../shared/data beside the repository.</summary>
internal static class PublicData
{
    /// <summary>A file of the data, or the test is skipped and says so.</summary>
    public static string File(string relative)
    {
        foreach (var root in Roots())
        {
            var path = Path.Combine(root, relative);
            if (System.IO.File.Exists(path)) return path;
        }
        Assert.Skip($"public data not found: set SEAMLESS_DATA to the directory that holds {relative} (docs/reference/models.md says where to get it)");
        return "";
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("SEAMLESS_DATA") is { Length: > 0 } given) yield return given;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "IoT.sln")) && folder.Parent is { } beside)
                yield return Path.Combine(beside.FullName, "shared", "data");
    }
}
