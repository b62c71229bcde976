using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace StreamSegmenter.Node.Tests.Producers;

/// <summary>
/// Runs the public clients of this folder's package.json, unmodified, against any address. They are installed once per
/// version of the lock file, into the temporary directory.
/// </summary>
public static class ProducerClients
{
    private static readonly Lazy<Task<string>> _installed = new(InstallAsync);

    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(3);

    /// <summary>Null when node and npm can be run; else what is missing.</summary>
    public static string? WhyNot { get; } = FirstMissing("node", "npm");

    /// <summary>Runs a script of this folder to its end and returns what it printed, a JSON object per line.</summary>
    public static async Task<IReadOnlyList<JsonElement>> RunAsync(
        string script,
        Uri address,
        int count,
        string writeKey = "open"
    )
    {
        string directory = await _installed.Value;
        string[] arguments = [Path.Combine(directory, script), address.ToString().TrimEnd('/'), $"{count}"];
        string output = await ExecuteAsync("node", arguments, directory, ("WRITE_KEY", writeKey));
        return
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<JsonElement>(line)),
        ];
    }

    private static async Task<string> InstallAsync()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Producers");
        byte[] locked = await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"));
        string version = Convert.ToHexStringLower(SHA256.HashData(locked))[..16];
        string directory = Path.Combine(AppContext.BaseDirectory, $"producers-{version}");
        if (!Directory.Exists(directory))
        {
            // Installed beside and moved in one step, so that a run cut short leaves no half an installation.
            string fresh = Directory.CreateDirectory($"{directory}-{Guid.NewGuid():N}").FullName;
            foreach (string file in (string[])["package.json", "package-lock.json"])
            {
                File.Copy(Path.Combine(source, file), Path.Combine(fresh, file));
            }

            await ExecuteAsync(
                "npm",
                ["install", "--ignore-scripts", "--omit=optional", "--no-save", "--no-audit", "--no-fund"],
                fresh
            );
            MoveUnlessThere(fresh, directory);
        }

        foreach (string script in Directory.GetFiles(source, "*.js"))
        {
            File.Copy(script, Path.Combine(directory, Path.GetFileName(script)), overwrite: true);
        }

        return directory;
    }

    private static void MoveUnlessThere(string fresh, string directory)
    {
        try
        {
            Directory.Move(fresh, directory);
        }
        catch (IOException) when (Directory.Exists(directory))
        {
            Directory.Delete(fresh, recursive: true);
        }
    }

    private static async Task<string> ExecuteAsync(
        string program,
        IEnumerable<string> arguments,
        string directory,
        params (string Name, string Value)[] environment
    )
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = directory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        using CancellationTokenSource late = new(_longest);
        Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
        Task<string> errors = process.StandardError.ReadToEndAsync(late.Token);
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.ExitCode.ShouldBe(0, $"{program} said: {await errors}{await output}");
        return await output;
    }

    private static string? FirstMissing(params string[] programs) =>
        programs.FirstOrDefault(program =>
            !(Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator)
                .Any(folder => File.Exists(Path.Combine(folder, program)))
        )
            is { } missing
            ? $"{missing} is not installed"
            : null;
}

/// <summary>
/// A fact about the public clients; skipped, with the reason, only where node or npm is not installed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProducerFactAttribute : FactAttribute
{
    public ProducerFactAttribute() => Skip = ProducerClients.WhyNot!;
}
