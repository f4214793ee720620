using Microsoft.Extensions.Logging.Abstractions;
using Seamless.Learning.Models;

namespace Seamless.Learning.Tests;

internal static class Directories
{
    public static ModelDirectory Of(string directory) =>
        new ModelDirectory(new LearningOptions { Directory = directory }, NullLogger<ModelDirectory>.Instance, TimeProvider.System);
}
