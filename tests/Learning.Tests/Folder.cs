namespace Seamless.Learning.Tests;

/// <summary>A directory of the test's own, gone with it.</summary>
internal sealed class Folder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("learning-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string Write(string name, IEnumerable<string> lines)
    {
        File.WriteAllLines(this[name], lines);
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
