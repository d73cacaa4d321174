package flotilla;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Services of Spring Cloud that register, look each other up, and go on when the server restarts. Usage: program
 * eureka|consul PORT.
 */
@SpringBootApplication
public class SpringClientProgram {
  private static final BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
  private static String kind;
  private static int port;

  public static void main(String[] args) throws Exception {
    kind = args[0];
    port = Integer.parseInt(args[1]);
    ConfigurableApplicationContext looking = start("looking", false);
    DiscoveryClient client = looking.getBean(DiscoveryClient.class);
    ConfigurableApplicationContext first = start("shop-1", true);
    until("the first is found", () -> idsOf(client), List.of("shop-1"));
    ServiceInstance seen = client.getInstances("shop").get(0);
    check("port", seen.getPort() == ownPort(first));
    check("metadata", "a".equals(seen.getMetadata().get("team")));
    check("services", client.getServices().contains("shop"));
    ConfigurableApplicationContext second = start("shop-2", true);
    until("the second is found", () -> idsOf(client), List.of("shop-1", "shop-2"));
    outOfService("shop-2", true);
    until("one out of service is no longer used", () -> idsOf(client), List.of("shop-1"));
    outOfService("shop-2", false);
    until("back in service", () -> idsOf(client), List.of("shop-1", "shop-2"));
    restart();
    until("both are found after a restart", () -> idsOf(client), List.of("shop-1", "shop-2"));
    // Longer than a lease: the heartbeats go on.
    Thread.sleep(12_000);
    until("both are found later", () -> idsOf(client), List.of("shop-1", "shop-2"));
    second.close();
    until("one is gone", () -> idsOf(client), List.of("shop-1"));
    first.close();
    until("both are gone", () -> idsOf(client), List.of());
    looking.close();
    System.out.println("ok");
    System.exit(0);
  }

  private static ConfigurableApplicationContext start(String id, boolean registers) {
    String server = "http://127.0.0.1:" + port;
    boolean eureka = kind.equals("eureka");
    List<String> settings = new ArrayList<>(List.of(
        "spring.application.name=" + (registers ? "shop" : "looking"),
        "server.port=0", "server.address=127.0.0.1", "spring.main.banner-mode=off", "logging.level.root=OFF",
        "spring.jmx.enabled=false",
        "eureka.client.enabled=" + eureka, "spring.cloud.consul.enabled=" + !eureka));
    if (eureka) {
      settings.addAll(List.of(
          "eureka.client.service-url.defaultZone=" + server + "/eureka/",
          "eureka.client.register-with-eureka=" + registers,
          "eureka.client.registry-fetch-interval-seconds=1",
          "eureka.client.initial-instance-info-replication-interval-seconds=1",
          "eureka.client.instance-info-replication-interval-seconds=2",
          "eureka.instance.lease-renewal-interval-in-seconds=1",
          "eureka.instance.lease-expiration-duration-in-seconds=10",
          "eureka.instance.instance-id=" + id, "eureka.instance.hostname=127.0.0.1",
          "eureka.instance.prefer-ip-address=true", "eureka.instance.ip-address=127.0.0.1",
          "eureka.instance.metadata-map.team=a"));
    } else {
      settings.addAll(List.of(
          "spring.cloud.consul.host=127.0.0.1", "spring.cloud.consul.port=" + port,
          "spring.cloud.consul.discovery.register=" + registers,
          "spring.cloud.consul.discovery.instance-id=" + id,
          "spring.cloud.consul.discovery.hostname=127.0.0.1",
          "spring.cloud.consul.discovery.heartbeat.enabled=true",
          "spring.cloud.consul.discovery.heartbeat.ttl=8s",
          "spring.cloud.consul.discovery.heartbeat.reregister-service-on-failure=true",
          "spring.cloud.consul.discovery.query-passing=true",
          "spring.cloud.consul.discovery.metadata.team=a"));
    }
    return new SpringApplicationBuilder(SpringClientProgram.class)
        .properties(settings.toArray(String[]::new))
        .run();
  }

  private static int ownPort(ConfigurableApplicationContext context) {
    return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  private static List<String> idsOf(DiscoveryClient client) {
    return client.getInstances("shop").stream().map(ServiceInstance::getInstanceId).sorted().toList();
  }

  /** What an operator does by hand. */
  private static void outOfService(String id, boolean out) throws Exception {
    String path = kind.equals("eureka")
        ? "/eureka/apps/SHOP/" + id + "/status?value=" + (out ? "OUT_OF_SERVICE" : "UP")
        : "/v1/agent/service/maintenance/" + id + "?enable=" + out;
    String method = kind.equals("eureka") && !out ? "DELETE" : "PUT";
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .method(method, HttpRequest.BodyPublishers.noBody()).build();
    HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    check(method + " " + path + ": " + answer.statusCode() + " " + answer.body(), answer.statusCode() == 200);
  }

  private static void restart() throws Exception {
    System.out.println("restart");
    input.readLine();
  }

  private interface Question<T> {
    T ask();
  }

  private static <T> void until(String what, Question<T> question, T expected) throws Exception {
    long began = System.nanoTime();
    T last = null;
    while (System.nanoTime() - began < Duration.ofSeconds(60).toNanos()) {
      try {
        last = question.ask();
      } catch (RuntimeException error) {
        // The server is away.
        last = null;
      }
      if (expected.equals(last)) {
        System.out.println(what + " after " + (System.nanoTime() - began) / 1_000_000 + " ms");
        return;
      }
      Thread.sleep(20);
    }
    check(what + ": expected " + expected + ", last " + last, false);
  }

  private static void check(String what, boolean isSo) {
    if (isSo) return;
    System.out.println("failed: " + what);
    System.exit(1);
  }
}
