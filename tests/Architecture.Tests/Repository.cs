namespace Seamless.Architecture.Tests;

/// <summary>Finds the checkout that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public static IEnumerable<string> ProjectFiles() =>
        new[] { "src", "simulators" }
            .SelectMany(top => Directory.EnumerateDirectories(Path(top)))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"));

    public static string ProjectFile(string project) =>
        ProjectFiles().Single(file => System.IO.Path.GetFileNameWithoutExtension(file) == project);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "IoT.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("IoT.sln was not found above the test's folder");
    }
}
