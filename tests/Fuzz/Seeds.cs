namespace Seamless.Fuzz;

/// <summary>The inputs that all others are made from: <c>tests/Fuzz/seeds/{target}</c>. What once found a fault belongs there.</summary>
internal static class Seeds
{
    public static IReadOnlyList<byte[]> Of(ITarget target, string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(folder, target.Name)).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>In the checkout that the program was built from.</summary>
    public static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var seeds = Path.Combine(folder.FullName, "tests", "Fuzz", "seeds");
            if (Directory.Exists(seeds)) return seeds;
        }
        throw new DirectoryNotFoundException("tests/Fuzz/seeds is not above the program; name it with --seeds");
    }
}
