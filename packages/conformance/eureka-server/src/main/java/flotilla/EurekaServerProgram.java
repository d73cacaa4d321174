package flotilla;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;

/** A Eureka server with the defaults of Spring, and whatever its command line says otherwise. */
@SpringBootApplication
@EnableEurekaServer
public class EurekaServerProgram {
  public static void main(String[] arguments) {
    SpringApplication.run(EurekaServerProgram.class, arguments);
  }
}
