namespace Seamless.Portal.Commands;

/// <summary>Where the equipment packs are: as told, else above the working directory, else beside the program.</summary>
internal static class PacksFolder
{
    public static string? Find(string? given)
    {
        if (given is not null) return HasPacks(given) ? Path.GetFullPath(given) : null;
        return Above(Directory.GetCurrentDirectory()).Concat(Above(AppContext.BaseDirectory))
            .Select(directory => Path.Combine(directory, "packs"))
            .FirstOrDefault(HasPacks);
    }

    private static IEnumerable<string> Above(string start)
    {
        for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent) yield return directory.FullName;
    }

    private static bool HasPacks(string directory) =>
        Directory.Exists(directory) && Directory.EnumerateDirectories(directory).Any(pack => File.Exists(Path.Combine(pack, "pack.yaml")));
}
