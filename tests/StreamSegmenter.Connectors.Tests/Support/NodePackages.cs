using System.Diagnostics;
using System.Text;

namespace StreamSegmenter.Connectors.Tests.Support;

/// <summary>Packages of npm that check what we send, in a directory of their own.</summary>
internal sealed class NodePackages : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("node");

    public string Path => _directory.FullName;

    /// <param name="folder">Holds <c>package.json</c>, its lock file and the scripts, beside the tests.</param>
    public static async Task<NodePackages> InstallAsync(params string[] folder)
    {
        var packages = new NodePackages();
        foreach (string file in Directory.GetFiles(System.IO.Path.Combine([AppContext.BaseDirectory, .. folder])))
        {
            File.Copy(file, System.IO.Path.Combine(packages.Path, System.IO.Path.GetFileName(file)));
        }

        string[] install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
        await Programs.RunAsync("npm", install, packages.Path);
        return packages;
    }

    /// <summary>Runs one of the scripts; whether it succeeded, and what it wrote.</summary>
    public async Task<(bool Succeeded, string Output)> RunAsync(string script, string argument, string input)
    {
        var start = new ProcessStartInfo("node", [script, argument])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Path,
        };
        using var process = Process.Start(start).ShouldNotBeNull();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode == 0, await output + await errors);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
